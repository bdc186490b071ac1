/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps every module in memory until the end, so that the leak checker can put a name to the frames of what a driver
 * leaves behind, and a suppression can match it. Linked into test programs of sanitizer builds only.
 */
__attribute__ ((visibility ("default"))) int dlclose (void *handle);

int
dlclose (void *handle)
{
  (void) handle;
  return 0;
}
