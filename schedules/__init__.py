"""When things run: the jobs, and the sensors and schedules that start them."""
