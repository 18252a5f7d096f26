"""What messages say: templates, their language, their links and their faults."""
