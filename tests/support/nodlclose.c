/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two kindnesses to the leak checker, linked into test programs that load much of the desktop.
 *
 * Modules stay mapped until the process ends: the checker runs then, and can name and suppress only what is still there.
 *
 * What libraries allocate while they are loaded is not looked at. GLib's first table of quarks is left behind when it
 * grows, and naming it otherwise would take the slow unwinder, with which these tests run twenty times as long.
 */
extern void __lsan_disable (void) __attribute__ ((weak));
extern void __lsan_enable (void) __attribute__ ((weak));

__attribute__ ((visibility ("default"))) int dlclose (void *handle);

int
dlclose (void *handle)
{
  return 0;
}

static void
begin_loading (void)
{
  if (__lsan_disable != 0)
    __lsan_disable ();
}

/* Runs before the constructors of the libraries; the constructor below runs after them. */
__attribute__ ((section (".preinit_array"), used)) static void (*const before_libraries) (void) = begin_loading;

__attribute__ ((constructor)) static void
end_loading (void)
{
  if (__lsan_enable != 0)
    __lsan_enable ();
}
