"""Estimates: arrays and neighbours in, results with their uncertainty out."""
