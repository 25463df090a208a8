"""One run from the plan to the certificate: workers, time limits, the journal, the closing lines."""
