# SPDX-License-Identifier: MIT
"""Control codes, the methods they call, and the bits that ask Windows for them (winsvc.h)."""

STOP = 1
PAUSE = 2
CONTINUE = 3
INTERROGATE = 4
SHUTDOWN = 5
PRESHUTDOWN = 15
FIRST_CUSTOM = 128

RUNNING = 4
PAUSED = 7

ACCEPT_STOP = 0x1

CALL_NOT_IMPLEMENTED = 120  # ERROR_CALL_NOT_IMPLEMENTED
CANNOT_ACCEPT_CONTROL = 1061  # ERROR_SERVICE_CANNOT_ACCEPT_CTRL

# Overriding the method is what accepts its control. STOP is always accepted; DEVICEEVENT and 128 to 255 need no bit.
ACCEPTED_BY = {
    "pause": 0x2,
    "shutdown": 0x4,
    "on_param_change": 0x8,
    "on_net_bind": 0x10,
    "on_hardware_profile": 0x20,
    "on_power": 0x40,
    "on_session": 0x80,
    "preshutdown": 0x100,
    "on_time_change": 0x200,
    "on_trigger": 0x400,
}

# The method for each control that brings an event.
EVENT_METHODS = {
    6: "on_param_change",
    7: "on_net_bind",
    8: "on_net_bind",
    9: "on_net_bind",
    10: "on_net_bind",
    11: "on_device",
    12: "on_hardware_profile",
    13: "on_power",
    14: "on_session",
    16: "on_time_change",
    32: "on_trigger",
    **dict.fromkeys(range(FIRST_CUSTOM, 256), "on_custom"),
}
