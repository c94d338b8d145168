"""What a draft of registers would change, and what somebody should look at before it is published."""
