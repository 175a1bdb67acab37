"""How we speak to Neo4j. Knows no role and no request; every module down to `emit` is pure.

In the order in which a question passes: expression, selection, view, plan, emit, session. Beside them what keeps the
database in shape: constraints, migrations, and the embedded server (embedded, embedded_home, distribution, supervise).
"""

from graph.driver import take_in_the_driver

take_in_the_driver()  # before any module of ours imports it
