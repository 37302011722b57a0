"""The support process, pure: severities, clocks, and the state tables of conversations and tickets."""
