"""How much a suite can see is measured on bugs that somebody has planted, beside what other ways of testing see."""
