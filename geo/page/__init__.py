"""The payload to one HTML file that opens by double-click and asks for nothing."""
