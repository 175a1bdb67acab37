"""The server: settings, the command line, the web application and how it is put together."""
