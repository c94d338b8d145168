"""What is to be done: alerts, tasks and dates, who was notified of what."""
