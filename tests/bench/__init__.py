"""Speed and memory of whole processes, as ratios against something that anyone has. Run with ``make bench``."""
