"""What is to be done, by whom, until when: tasks of a situation, their calendar, and notices about them."""

from geo.output.tasks.calendar import tasks_ics
from geo.output.tasks.task import Task, TaskKind, tasks_of

__all__ = ["Task", "TaskKind", "tasks_ics", "tasks_of"]
