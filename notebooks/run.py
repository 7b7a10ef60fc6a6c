"""Runs the notebooks of a folder, by default this one, over a folder that holds a ledger and its pack (DUECAST_OUT).

A notebook is kept without outputs, and a cell that fails, as a check that does not tie, fails the run.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).parent


def faults(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    kept = [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    if kept:
        return [f"{path.name}: cells {', '.join(kept)} are kept with their outputs; clear them before saving"]
    try:
        # The kernel of each run warns that it listens on this machine without encryption; it ends with the run.
        quiet = ["--IPKernelApp.log_level=ERROR"]
        NotebookClient(notebook, timeout=300, extra_arguments=quiet, resources={"metadata": {"path": str(HERE)}}).execute()
    except CellExecutionError as error:
        return [f"{path.name}: {error.ename}: {error.evalue}\n{error.traceback}"]
    said = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stdout"]
    print(f"{path.name}\n{''.join(said)}")
    return []


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    found = [fault for path in sorted(folder.glob("*.ipynb")) for fault in faults(path)]
    sys.exit("\n".join(found) or 0)
