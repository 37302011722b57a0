"""What chatserver costs, measured beside what people would use instead. `make bench`; the method is in
docs/performance.md."""
