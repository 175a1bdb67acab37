"""The customer graph of one's role as Arrow tables, data frames and graphs.

graph = Graph("https://graph.example", token)
customers = graph.nodes("Customer").to_pandas()
placed = graph.edges("PLACED", "OF").to_networkx()
"""

from customer_graph_client.errors import Broken, ClientError, LibraryMissing, NotThere, Refused
from customer_graph_client.graph import Graph
from customer_graph_client.tables import Edges, Nodes

__all__ = ["Broken", "ClientError", "Edges", "Graph", "LibraryMissing", "Nodes", "NotThere", "Refused"]
