"""Released tables to files: one writer a format, each file whole or not at all.

`write.write` takes what the privacy gate let through; `rejects.write_rejects` the rows left out; and
`text.write_bytes` a page. All of them go through `atomic.atomic_output`.
"""
