# SPDX-License-Identifier: MIT
"""Kernel objects by the number of their handle: the engine's calls of Windows, or our own objects on POSIX."""

import sys

if sys.platform == "win32":
    from _pythonservice import (
        cancel_waitable_timer,
        close_handle,
        create_event,
        create_mutex,
        create_semaphore,
        create_waitable_timer,
        last_error,
        open_event,
        open_mutex,
        open_semaphore,
        open_waitable_timer,
        pulse_event,
        release_mutex,
        release_semaphore,
        reset_event,
        set_event,
        set_waitable_timer,
        signal_object_and_wait,
        wait_for_input_idle,
        wait_for_messages,
        wait_for_objects,
    )
else:
    from _pythonservice_kernel_posix import (
        cancel_waitable_timer,
        close_handle,
        create_event,
        create_mutex,
        create_semaphore,
        create_waitable_timer,
        last_error,
        open_event,
        open_mutex,
        open_semaphore,
        open_waitable_timer,
        pulse_event,
        release_mutex,
        release_semaphore,
        reset_event,
        set_event,
        set_waitable_timer,
        signal_object_and_wait,
        wait_for_input_idle,
        wait_for_messages,
        wait_for_objects,
    )
