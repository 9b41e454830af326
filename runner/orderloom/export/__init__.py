"""A plan as others read it: pictures, Mermaid, plain text, n8n workflows."""
