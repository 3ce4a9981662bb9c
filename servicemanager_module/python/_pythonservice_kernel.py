# SPDX-License-Identifier: MIT
"""Kernel objects by the number of their handle: the engine's calls of Windows, or our own objects on POSIX."""

import sys

if sys.platform == "win32":
    import _pythonservice as _kernel
else:
    import _pythonservice_kernel_posix as _kernel

cancel_waitable_timer = _kernel.cancel_waitable_timer
close_handle = _kernel.close_handle
create_event = _kernel.create_event
create_mutex = _kernel.create_mutex
create_semaphore = _kernel.create_semaphore
create_waitable_timer = _kernel.create_waitable_timer
last_error = _kernel.last_error
open_event = _kernel.open_event
open_mutex = _kernel.open_mutex
open_semaphore = _kernel.open_semaphore
open_waitable_timer = _kernel.open_waitable_timer
pulse_event = _kernel.pulse_event
release_mutex = _kernel.release_mutex
release_semaphore = _kernel.release_semaphore
reset_event = _kernel.reset_event
set_event = _kernel.set_event
set_waitable_timer = _kernel.set_waitable_timer
signal_object_and_wait = _kernel.signal_object_and_wait
wait_for_input_idle = _kernel.wait_for_input_idle
wait_for_messages = _kernel.wait_for_messages
wait_for_objects = _kernel.wait_for_objects
