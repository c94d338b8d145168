"""What a draft is checked against: the lives of its sites, the ground of the city, the numbers that are taken."""
