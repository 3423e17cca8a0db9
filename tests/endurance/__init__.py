"""Much at once and for long: ``make ha`` (processes are killed meanwhile) and ``make soak`` (nothing may grow)."""
