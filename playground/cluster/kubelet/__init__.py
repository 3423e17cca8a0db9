"""What nodes do: pull images, start, probe and stop containers, keep their logs."""
