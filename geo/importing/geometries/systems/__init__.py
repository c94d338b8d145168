"""In which coordinate system a file is: what it declares, what that is worth, what would fit instead."""
