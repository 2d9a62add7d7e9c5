"""Enterprises, branches, outlets, counters, machines, clerks; administrative divisions."""

from acceptance_api.sites.adding import (
    add_branch,
    add_clerk,
    add_counter,
    add_enterprise,
    add_machine,
    add_outlet,
    retire_clerk,
)
from acceptance_api.sites.divisions import Division, Level, find_division, is_known, parts_of, province_of
from acceptance_api.sites.fields import CLERK_NAME
from acceptance_api.sites.model import (
    AddClerk,
    AddOutlet,
    Branch,
    BranchId,
    Clerk,
    ClerkRole,
    Counter,
    Enterprise,
    Machine,
    Outlet,
)
from acceptance_api.sites.outlet_store import find_clerk, find_clerks, find_counters, find_machine, find_machines
from acceptance_api.sites.rosters import Roster
from acceptance_api.sites.store import (
    enterprises_within,
    find_branches,
    find_enterprise,
    find_outlet,
    find_outlets,
    get_outlet,
    has_enterprises,
    outlets_within,
)

__all__ = [
    "CLERK_NAME",
    "AddClerk",
    "AddOutlet",
    "Branch",
    "BranchId",
    "Clerk",
    "ClerkRole",
    "Counter",
    "Division",
    "Enterprise",
    "Level",
    "Machine",
    "Outlet",
    "Roster",
    "add_branch",
    "add_clerk",
    "add_counter",
    "add_enterprise",
    "add_machine",
    "add_outlet",
    "enterprises_within",
    "find_branches",
    "find_clerk",
    "find_clerks",
    "find_counters",
    "find_division",
    "find_enterprise",
    "find_machine",
    "find_machines",
    "find_outlet",
    "find_outlets",
    "get_outlet",
    "has_enterprises",
    "is_known",
    "outlets_within",
    "parts_of",
    "province_of",
    "retire_clerk",
]
