"""The whole visit: the environment, then the project, then its connections."""

from __future__ import annotations

from pathlib import Path

from orderloom.cli.doctor.connections import connection_findings
from orderloom.cli.doctor.environment import environment_findings
from orderloom.cli.doctor.finding import Finding
from orderloom.cli.doctor.journal import journal_findings
from orderloom.cli.doctor.programs import program_findings
from orderloom.cli.doctor.project import project_findings
from orderloom.project import find_project


def visit(*, offline: bool, timeout_s: float) -> list[Finding]:
    """Every finding, in the order in which they are told."""
    project = find_project()
    folder = project.root if project else Path.cwd()
    return [
        *environment_findings(folder),
        *program_findings(),
        *project_findings(project),
        *journal_findings(folder, project),
        *connection_findings(project, offline=offline, timeout_s=timeout_s),
    ]
