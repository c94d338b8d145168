"""The words of plans: levels, handovers, figures, numbers, and titles of lists that are not the plan's own."""
