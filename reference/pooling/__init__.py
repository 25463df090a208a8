"""Many neighbouring values become one."""
