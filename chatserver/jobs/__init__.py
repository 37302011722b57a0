"""What happens without anybody asking: due timers, people who are gone, routing, and clearing up."""
