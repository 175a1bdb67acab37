"""Sources of a company: folders that say what a system is and, in SQL, how its exports become canonical tables.

`folder` reads source.toml, `workspace` lays the exports out for DuckDB, `engine` runs the SQL in a closed room, `read`
makes records of the rows. `messages` and `cards` read what needs no SQL.
"""
