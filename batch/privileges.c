/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes user and group, and keeps one capability across exec: it becomes "ambient". */
#include "privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* To keep: the capability to read any file, or, in containers that lack it, the one to open any file. -1: nothing is
 * dropped. */
static int kept = -1;

static bool has(const struct __user_cap_data_struct data[2], int capability)
{
    return (data[CAP_TO_INDEX(capability)].permitted & CAP_TO_MASK(capability)) != 0;
}

static bool read_capabilities(struct __user_cap_data_struct data[2])
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

    return syscall(SYS_capget, &header, data) == 0;
}

bool privileges_init(void)
{
    struct __user_cap_data_struct data[2];

    if (geteuid() == 0 && read_capabilities(data) && has(data, CAP_SETUID) && has(data, CAP_SETGID)) {
        kept = has(data, CAP_DAC_READ_SEARCH) ? CAP_DAC_READ_SEARCH
               : has(data, CAP_DAC_OVERRIDE)  ? CAP_DAC_OVERRIDE
                                              : -1;
    }
    return kept >= 0;
}

char **privileges_environment(char **environment, const char *home)
{
    if (kept >= 0) {
        environment = g_environ_unsetenv(environment, "WIRESHARK_PLUGIN_DIR");
        environment = g_environ_unsetenv(environment, "XDG_CONFIG_HOME");
        environment = g_environ_setenv(environment, "HOME", home, TRUE);
    }
    return environment;
}

/* Only calls that are safe after fork in a program with threads. */
void privileges_drop(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2] = { { 0 } };

    if (kept < 0) {
        return;
    }
    data[CAP_TO_INDEX(kept)].effective = data[CAP_TO_INDEX(kept)].permitted = data[CAP_TO_INDEX(kept)].inheritable =
        CAP_TO_MASK(kept);
    bool is_dropped =
        prctl(PR_SET_KEEPCAPS, 1) == 0 && setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
        setresuid(NOBODY, NOBODY, NOBODY) == 0 && syscall(SYS_capset, &header, data) == 0 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept, 0, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    if (!is_dropped) {
        _exit(127); /* neither root nor able to read: it would fail later, without a reason */
    }
}
