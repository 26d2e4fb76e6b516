"""Reading minutes: free notes into what was decided, and back into texts for people."""
