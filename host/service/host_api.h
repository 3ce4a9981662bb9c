/* SPDX-License-Identifier: MIT */
/* The contract between the host (PythonService.exe, or the host code inside servicemanager.pyd under python.exe) and the
 * engine (everything that knows Python.h). Plain C on purpose: the two are separate binaries, built for different CRTs
 * in the worst case, so no C++ object, exception, FILE*, descriptor or malloc block crosses. Text is UTF-8; a lone UTF-16
 * surrogate is kept as its three-byte form. Every function is noexcept on both sides.
 *
 * Threads: each function names its thread. "GIL" says whether the caller may hold it; host functions are called WITHOUT
 * the GIL unless they say "leaf": those only touch memory under a leaf lock and are safe under the GIL. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* Borrowed text, valid during the call; not terminated. */
typedef struct pysvc_text {
    const char* data;
    size_t size;
} pysvc_text;

/* Where the callee puts text that the caller owns. */
typedef struct pysvc_text_sink {
    void* context;
    void (*put)(void* context, const char* data, size_t size);
} pysvc_text_sink;

/* A failure told across the boundary: a pysvc::ErrorCode (0 = none), a system code, and text through the sink. */
typedef struct pysvc_failure {
    uint32_t code;
    uint32_t os_code;
    pysvc_text_sink text;
} pysvc_failure;

/* SERVICE_STATUS, field by field. */
typedef struct pysvc_status {
    uint32_t service_type;
    uint32_t current_state;
    uint32_t controls_accepted;
    uint32_t win32_exit_code;
    uint32_t service_specific_exit_code;
    uint32_t check_point;
    uint32_t wait_hint; /* ms */
} pysvc_status;

/* What a control callable is called with. */
typedef enum pysvc_handler_args {
    PYSVC_HANDLER_CONTROL = 0, /* (control) */
    PYSVC_HANDLER_EVENT = 1,   /* (control, event_type, data), data as pywin32 shapes it */
    PYSVC_HANDLER_RAW = 2      /* (control, event_type, bytes or None): our own API, which reports its states in debug too */
} pysvc_handler_args;

/* A control as the class sees it. `data` is a copy made in the control handler, or NULL. */
typedef struct pysvc_control {
    uint32_t control;
    uint32_t event_type;
    const void* data;
    size_t data_size;
    int32_t extra_args; /* pysvc_handler_args */
} pysvc_control;

typedef enum pysvc_call_kind {
    PYSVC_CALL_RETURNED = 0,  /* code = what the SCM is to get: None -> 0, int -> its low 32 bits */
    PYSVC_CALL_RAISED = 1,    /* code = 120 ERROR_CALL_NOT_IMPLEMENTED, failure holds the traceback */
    PYSVC_CALL_BAD_VALUE = 2  /* code = 1066 ERROR_SERVICE_SPECIFIC_ERROR, failure says what was returned */
} pysvc_call_kind;

typedef struct pysvc_call_result {
    int32_t kind;
    uint32_t code;
    pysvc_failure failure;
} pysvc_call_result;

typedef enum pysvc_run_kind {
    PYSVC_RUN_RETURNED = 0,    /* SvcRun returned */
    PYSVC_RUN_EXITED = 1,      /* SystemExit left SvcRun; exit_code is its code (None -> 0, text -> 1, text in failure) */
    PYSVC_RUN_RAISED = 2,      /* any other exception left SvcRun; failure holds the traceback */
    PYSVC_RUN_NOT_STARTED = 3  /* SvcRun was never entered; failure says why */
} pysvc_run_kind;

typedef struct pysvc_run_request {
    void* service;             /* the host's name for this run, handed back in host calls */
    pysvc_text service_name;
    const pysvc_text* args;    /* ServiceMain's arguments, the service name first */
    size_t arg_count;
    void* class_object;        /* from prepare_to_host (borrowed), or NULL: load by the three texts below */
    pysvc_text directory;      /* goes to sys.path[0]; may be empty */
    pysvc_text module;
    pysvc_text class_name;
} pysvc_run_request;

typedef struct pysvc_run_result {
    int32_t kind;
    uint32_t exit_code;
    pysvc_failure failure;
} pysvc_run_result;

typedef struct pysvc_interpreter_config {
    pysvc_text executable;       /* python.exe of the environment: absolute, backslashes, no \\?\ prefix */
    pysvc_text base_executable;  /* python.exe of the base installation */
    pysvc_text expected_prefix;  /* what sys.prefix must be after init; empty: not checked */
    const pysvc_text* search_paths; /* explicit module_search_paths; none for installations with a ._pth file */
    size_t search_path_count;
    const pysvc_text* argv;      /* sys.argv */
    size_t argv_count;
    pysvc_text crash_log;        /* file for faulthandler; empty: stderr */
    pysvc_text pycache_prefix;   /* folder for bytecode; empty: beside the sources */
    int32_t use_environment;     /* honour PYTHON* variables */
    int32_t utf8_mode;           /* 0 as python.exe, 1 on */
    int32_t capture_streams;     /* non-zero: sys.stdout and sys.stderr become lines of the host's log */
} pysvc_interpreter_config;

/* Steps of a start that move the checkpoint. */
typedef enum pysvc_progress {
    PYSVC_PROGRESS_IMPORT = 0, /* some module is being imported, by anyone in the process */
    PYSVC_PROGRESS_CLASS_LOADED = 1,
    PYSVC_PROGRESS_CONSTRUCTED = 2
} pysvc_progress;

/* ---- what the engine may ask of the host ------------------------------------------------------------------------- */

typedef enum pysvc_door {
    PYSVC_DOOR_SERVICE = 0,    /* hosted by the EXE under the SCM */
    PYSVC_DOOR_DEBUG = 1,      /* hosted by the EXE on a console */
    PYSVC_DOOR_SELF_HOSTED = 2 /* the module was imported by python.exe */
} pysvc_door;

typedef struct pysvc_host_api {
    uint32_t size;        /* sizeof this struct */
    const char* build_id; /* PYSVC_BUILD_ID: equal on both sides, or the engine is refused */
    void* host;           /* first argument of everything below */

    int32_t (*door)(void* host); /* pysvc_door; leaf */

    /* Events and logs. report_event returns 0 or a Win32 code; in debug it prints and returns 0. */
    uint32_t (*report_event)(void* host, uint16_t type, uint32_t id, const pysvc_text* inserts, size_t insert_count);
    void (*set_event_source)(void* host, pysvc_text name, int32_t register_now);
    void (*set_message_file)(void* host, pysvc_text path);
    void (*message_file)(void* host, pysvc_text_sink out); /* PythonServiceMessages.dll; leaf */
    void (*write_line)(void* host, int32_t stream, pysvc_text line); /* one line of sys.stdout (1) or sys.stderr (2) */
    void (*log_warning)(void* host, pysvc_text line); /* diagnostic log only */

    /* servicemanager.Debugging / RunningAsService; leaf. set_debugging takes -1 for "only ask". A service is what runs
     * under the SCM: not in debug mode, and not any more when the dispatcher has returned. */
    int32_t (*set_debugging)(void* host, int32_t new_value);
    int32_t (*running_as_service)(void* host);

    /* servicemanager.RegisterServiceCtrlHandler. Takes over one reference to `callable` when it returns 0.
     * `extra_args`: pysvc_handler_args. `forward_interrogate`: INTERROGATE goes to Python as well. Returns 0, or ERROR_INVALID_NAME (123) when no service
     * of that name is prepared. `*handle` is 0 in debug mode. */
    uint32_t (*register_handler)(void* host, pysvc_text service_name, void* callable, int32_t extra_args,
                                 int32_t forward_interrogate, uint64_t* handle);

    /* win32service.SetServiceStatus: 1 = handled (`*os_code` is the result), 0 = not a handle of ours. */
    int32_t (*set_service_status)(void* host, uint64_t handle, const pysvc_status* status, uint32_t* os_code);

    /* The service with this handle says that it is alive, and makes progress: its watchdog is content, and while it
     * starts, stops, pauses or continues its checkpoint moves, at most once a second. leaf */
    void (*heartbeat)(void* host, uint64_t handle);

    /* servicemanager.PrepareToHostSingle / Multiple. Take over one reference to `class_object` (NULL: registry look-up)
     * when they return 1; 0 = refused. leaf */
    int32_t (*prepare_to_host_single)(void* host, void* class_object);
    int32_t (*prepare_to_host_multiple)(void* host, pysvc_text service_name, void* class_object);

    /* servicemanager.Finalize: forgets what was prepared, unless a service runs or the EXE's own start prepared it. */
    void (*forget_prepared)(void* host);

    /* servicemanager.StartServiceCtrlDispatcher. 0 when all services have stopped, else a Win32 code: 1056 when called
     * by hosted code, 1063 when this process was not started by the SCM. The caller becomes py-main. */
    uint32_t (*run_dispatcher)(void* host);

    /* A setting for pythonservice.programs (settings.hpp), one put for each of its texts. leaf */
    void (*program_setting)(void* host, pysvc_text service_name, pysvc_text name, pysvc_text_sink out);

    /* Steps of a start. `service` is NULL for PYSVC_PROGRESS_IMPORT. leaf */
    void (*progress)(void* host, void* service, int32_t step);

    /* The instance exists and SvcRun is about to be entered: START_PENDING is renewed, a missing control handler is
     * reported. Run thread. */
    void (*before_run)(void* host, void* service);

    /* User code of this service has ended: waits for a helper thread that may just be raising SystemExit in it. Run
     * thread. */
    void (*after_run)(void* host, void* service);

    /* An exception that nobody handled, or a warning: UnhandledException or PythonWarning (error.hpp). Goes to the log
     * and the event log; what was said a moment ago is only counted. */
    void (*report_error)(void* host, uint32_t code, pysvc_text text);

    /* servicemanager.Watchdog (0 ms: off), Heartbeat and NotifyReady. An empty `service_name` means the only service.
     * Each returns 0; ERROR_INVALID_NAME (123) when no service of that name runs here; ERROR_MORE_DATA (234) when none
     * is named and there are several. The first two: leaf. */
    uint32_t (*watch)(void* host, pysvc_text service_name, uint32_t milliseconds);
    uint32_t (*heartbeat_by_name)(void* host, pysvc_text service_name);
    uint32_t (*notify_ready)(void* host, pysvc_text service_name);
} pysvc_host_api;

/* ---- what the host may ask of the engine -------------------------------------------------------------------------- */

typedef struct pysvc_engine_api {
    uint32_t size;
    const char* build_id;
    uint32_t python_version; /* PY_VERSION_HEX the engine was compiled for */

    /* Starts the interpreter on the calling thread, which becomes Python's main thread; returns with the GIL released.
     * 0, or 1 with `failure` filled. py-main. */
    int32_t (*start_interpreter)(const pysvc_interpreter_config* config, pysvc_failure* failure);

    /* Loads the class, constructs it with one tuple of str, calls SvcRun. py-main or a service thread. */
    void (*run_service)(const pysvc_run_request* request, pysvc_run_result* result);

    /* Raises SystemExit in the thread that runs `service`, if user code of it still runs. Takes the GIL: only from a
     * thread that may wait for ever. 1 = raised. */
    int32_t (*raise_system_exit)(void* service);

    /* One long-lived thread state for a control thread, so that threading.local persists. */
    void* (*attach_control_thread)(void);
    void (*call_control)(void* thread_state, void* callable, const pysvc_control* control, pysvc_call_result* result);
    void (*detach_control_thread)(void* thread_state);

    /* Gives back a callable or class object. Takes the GIL; control thread or py-main. */
    void (*release_object)(void* object);

    /* Python's live threads: a line with number and name for each that is not a daemon, a last one that counts the
     * daemons. Takes the GIL: only from a thread that may wait for ever. 1 = described, 0 = the interpreter has begun to
     * take itself apart. */
    int32_t (*describe_threads)(pysvc_text_sink out);

    /* Py_FinalizeEx on py-main, after every control thread is detached. 0, or -1 when flushing failed. */
    int32_t (*finalize_interpreter)(void);
} pysvc_engine_api;

/* The engine's only export besides PyInit_servicemanager. Checks the build ids; NULL when they differ. Keeps `host`,
 * which must outlive the interpreter. */
typedef const pysvc_engine_api* (*pysvc_open_engine_function)(const pysvc_host_api* host);
#define PYSVC_OPEN_ENGINE "pysvc_open_engine"

#ifdef __cplusplus
}
#endif
