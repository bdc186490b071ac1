/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "viaduct-demo"

#include "config.h"

#include <math.h>
#include <string.h>

#include "demo-tools.h"

/* The value goes through as text: no digit passes through a number type. */
static void
run_echo_json (ViaMcpServerCall    *call,
               const DemoArguments *arguments)
{
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "value", demo_arguments_get (arguments, "value"));
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static double
calculate (const char *operation,
           double      a,
           double      b)
{
  if (strcmp (operation, "subtract") == 0)
    return a - b;
  if (strcmp (operation, "multiply") == 0)
    return a * b;
  if (strcmp (operation, "divide") == 0)
    return a / b;
  return a + b;
}

static void
run_calculate (ViaMcpServerCall    *call,
               const DemoArguments *arguments)
{
  g_autofree char *operation = demo_arguments_dup_string (arguments, "operation");
  double b = demo_arguments_get_double (arguments, "b");
  double result = calculate (operation, demo_arguments_get_double (arguments, "a"), b);
  ViaJsonWriter writer;

  if (strcmp (operation, "divide") == 0 && b == 0)
    {
      via_mcp_server_call_fail (call, "A number cannot be divided by zero. Choose another b.");
      return;
    }
  if (!isfinite (result))
    {
      via_mcp_server_call_fail (call, "The result is too large for a number. Choose smaller ones.");
      return;
    }
  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "result");
  via_json_writer_double (&writer, result);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static const char *const order_states[] = { "open", "paid", "shipped" };

static void
write_order (ViaJsonWriter *writer,
             guint          number,
             const char    *status)
{
  static const char *const customers[] = { "Ada Lovelace", "Γιώργος Παπαδόπουλος", "山田 花子", "Jean-Luc Dubois",
                                           "Åsa Öberg", "فاطمة الزهراء", "O'Brien & Sons" };
  static const char *const cities[] = { "London", "Αθήνα", "東京", "Lyon", "Malmö" };

  via_json_writer_begin_object (writer);
  via_json_writer_member_int (writer, "id", 1000 + number);
  via_json_writer_member_string (writer, "customer", customers[number % G_N_ELEMENTS (customers)]);
  via_json_writer_member_string (writer, "city", cities[number % G_N_ELEMENTS (cities)]);
  via_json_writer_key (writer, "total");
  via_json_writer_double (writer, (number * 7919 % 100000) / 100.0);
  via_json_writer_member_string (writer, "status", status);
  via_json_writer_member_boolean (writer, "express", number % 3 == 0);
  via_json_writer_end_object (writer);
}

static void
run_list_orders (ViaMcpServerCall    *call,
                 const DemoArguments *arguments)
{
  guint count = (guint) demo_arguments_get_int (arguments, "count");
  g_autofree char *status = demo_arguments_dup_string (arguments, "status");
  gboolean any = strcmp (status, "any") == 0;
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_key (&writer, "orders");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < count; i++)
    write_order (&writer, i, any ? order_states[i % G_N_ELEMENTS (order_states)] : status);
  via_json_writer_end_array (&writer);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static double
round_to (double value,
          double step)
{
  return round (value / step) * step;
}

static void
write_measurement (ViaJsonWriter *writer,
                   double         part_of_day,
                   double         mean,
                   double         swing)
{
  guint seconds = (guint) (part_of_day * 86400);
  g_autofree char *time = g_strdup_printf ("2026-06-21T%02u:%02u:%02uZ", seconds / 3600, seconds / 60 % 60, seconds % 60);
  double height = sin ((part_of_day - 0.375) * 2 * G_PI);

  via_json_writer_begin_object (writer);
  via_json_writer_member_string (writer, "time", time);
  via_json_writer_key (writer, "temperature");
  via_json_writer_double (writer, round_to (mean + swing * height, 0.015625));
  via_json_writer_key (writer, "humidity");
  via_json_writer_double (writer, round_to (60 - 20 * height, 0.5));
  via_json_writer_end_object (writer);
}

static void
run_measure_weather (ViaMcpServerCall    *call,
                     const DemoArguments *arguments)
{
  guint points = (guint) demo_arguments_get_int (arguments, "points");
  double mean = demo_arguments_get_double (arguments, "mean");
  double swing = demo_arguments_get_double (arguments, "swing");
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_string (&writer, "unit", "°C");
  via_json_writer_key (&writer, "measurements");
  via_json_writer_begin_array (&writer);
  for (guint i = 0; i < points; i++)
    write_measurement (&writer, (double) i / points, mean, swing);
  via_json_writer_end_array (&writer);
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

static void
run_register_person (ViaMcpServerCall    *call,
                     const DemoArguments *arguments)
{
  ViaJsonValue interests = demo_arguments_get (arguments, "interests");
  ViaJsonWriter writer;

  via_json_writer_init (&writer);
  via_json_writer_begin_object (&writer);
  via_json_writer_member_value (&writer, "person", demo_arguments_get (arguments, "person"));
  if (!via_json_value_is_missing (interests))
    via_json_writer_member_value (&writer, "interests", interests);
  via_json_writer_member_boolean (&writer, "newsletter", demo_arguments_get_boolean (arguments, "newsletter"));
  via_json_writer_end_object (&writer);
  demo_answer_structured (call, via_json_writer_end (&writer));
}

const DemoTool demo_data_tools[] = {
  { "echo-json", run_echo_json },
  { "calculate", run_calculate },
  { "list-orders", run_list_orders },
  { "measure-weather", run_measure_weather },
  { "register-person", run_register_person },
  { NULL, NULL },
};
