"""A certificate in the words of other tools: test dashboards, code scanners, a page of a build, a badge."""
