"""The way of a request, in order of control flow:

role_schema   the GraphQL schema of one role, pruned by its View
select        GraphQL selection -> graph.selection
budget        how much is asked, refused before the database is
prepare       selection -> plan -> statement, kept for the next request of the same shape
bind          values of one request -> parameters of a statement
cursor        positions in a list, sealed
shape         rows -> GraphQL data
read          all of it, as one Strawberry extension
"""
