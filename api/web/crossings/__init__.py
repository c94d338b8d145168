"""The page where anybody looks up which ward answers for a route of their own."""
