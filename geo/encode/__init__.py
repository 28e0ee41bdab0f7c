"""Released tables to bytes: typed columns, shapes as shared arcs, and the index that says where each lies."""
