// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Compares the property tables in docs/ELEMENT.md with the properties of the
// elements: type, default, range, and when a property may be set. Arguments:
// the folder of the documents, and the elements. With --print, prints the rows
// as they should begin.

#include <gst/gst.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

struct Row {
  std::string type, default_value, range, settable;

  bool operator== (const Row &) const = default;
};

using Table = std::map<std::string, Row>;

std::string
number (gint64 value)
{
  return std::to_string (value);
}

// The largest value of a type stands for no limit.
template <typename Spec, typename Text>
void
describe_number (
    const Spec *spec, const char *type, Text text, bool has_limit, Row &row)
{
  row.type = type;
  row.default_value = text (spec->default_value);
  row.range = text (spec->minimum) +
              (has_limit ? " to " + text (spec->maximum) : " or more");
}

std::string
enum_values (GEnumClass *klass)
{
  std::string text;
  for (guint i = 0; i < klass->n_values; i++) {
    text += i ? ", `" : "`";
    text += klass->values[i].value_nick;
    text += "`";
  }
  return text;
}

void
describe_value (GParamSpec *spec, Row &row)
{
  auto real = [] (double value) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return std::string (g_ascii_formatd (text, sizeof text, "%g", value));
  };
  auto natural = [] (guint64 value) {
    return std::to_string (value);
  };

  if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    row.type = "boolean";
    row.default_value =
        G_PARAM_SPEC_BOOLEAN (spec)->default_value ? "true" : "false";
  } else if (G_IS_PARAM_SPEC_INT (spec)) {
    auto s = G_PARAM_SPEC_INT (spec);
    describe_number (s, "int", number, s->maximum != G_MAXINT, row);
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    auto s = G_PARAM_SPEC_UINT (spec);
    describe_number (s, "uint", natural, s->maximum != G_MAXUINT, row);
  } else if (G_IS_PARAM_SPEC_INT64 (spec)) {
    auto s = G_PARAM_SPEC_INT64 (spec);
    describe_number (s, "int64", number, s->maximum != G_MAXINT64, row);
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    auto s = G_PARAM_SPEC_UINT64 (spec);
    describe_number (s, "uint64", natural, s->maximum < G_MAXINT64, row);
  } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    auto s = G_PARAM_SPEC_DOUBLE (spec);
    describe_number (s, "double", real, s->maximum != G_MAXDOUBLE, row);
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    auto s = G_PARAM_SPEC_ENUM (spec);
    row.type = "enum";
    row.default_value =
        std::string ("`") +
        g_enum_get_value (s->enum_class, s->default_value)->value_nick + "`";
    row.range = enum_values (s->enum_class);
  } else if (G_IS_PARAM_SPEC_STRING (spec)) {
    row.type = "string";
    auto text = G_PARAM_SPEC_STRING (spec)->default_value;
    row.default_value = text ? std::string ("`") + text + "`" : "null";
  } else if (GST_IS_PARAM_SPEC_FRACTION (spec)) {
    auto s = GST_PARAM_SPEC_FRACTION (spec);
    row.type = "fraction";
    row.default_value = number (s->def_num) + "/" + number (s->def_den);
  } else {
    row.type = g_type_name (G_PARAM_SPEC_VALUE_TYPE (spec));
    row.default_value = "null";
  }
}

Row
describe (GParamSpec *spec)
{
  Row row;
  describe_value (spec, row);
  if (!(spec->flags & G_PARAM_WRITABLE)) {
    row.settable = "read only";
    row.default_value = row.range = "";
  } else if (spec->flags & GST_PARAM_MUTABLE_PLAYING) {
    row.settable = "always";
  } else if (spec->flags & GST_PARAM_MUTABLE_PAUSED) {
    row.settable = "up to PAUSED";
  } else if (spec->flags & GST_PARAM_MUTABLE_READY) {
    row.settable = "up to READY";
  } else {
    row.settable = "in NULL";
  }
  return row;
}

// Those that the element itself adds or whose class overrides them.
Table
installed (const char *name)
{
  Table table;
  auto element = gst_element_factory_make (name, nullptr);
  if (!element) {
    std::printf ("%s: there is no such element\n", name);
    std::exit (1);
  }
  guint count;
  auto specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
  for (guint i = 0; i < count; i++) {
    if (specs[i]->owner_type == G_OBJECT_TYPE (element))
      table[specs[i]->name] =
          describe (g_param_spec_get_redirect_target (specs[i])
                        ? g_param_spec_get_redirect_target (specs[i])
                        : specs[i]);
  }
  g_free (specs);
  gst_object_unref (element);
  return table;
}

std::vector<std::string>
cells (const std::string &line)
{
  std::vector<std::string> result;
  std::size_t begin = 1;
  for (std::size_t end; (end = line.find ('|', begin)) != std::string::npos;
       begin = end + 1) {
    auto cell = line.substr (begin, end - begin);
    auto first = cell.find_first_not_of (' ');
    auto last = cell.find_last_not_of (' ');
    result.push_back (first == std::string::npos
                          ? ""
                          : cell.substr (first, last - first + 1));
  }
  return result;
}

// The rows below a header "| property | type | default | range |".
Table
documented (const std::string &path)
{
  Table table;
  std::ifstream file (path);
  bool in_table = false;
  for (std::string line; std::getline (file, line);) {
    if (line.empty () || line[0] != '|') {
      in_table = false;
      continue;
    }
    auto row = cells (line);
    if (row.size () < 5)
      continue;
    if (row[0] == "property" && row[1] == "type")
      in_table = true;
    else if (in_table && row[0].size () > 2 && row[0][0] == '`')
      table[row[0].substr (1, row[0].size () - 2)] = {
          row[1], row[2], row[3], row[4]};
  }
  return table;
}

std::string
as_text (const std::string &name, const Row &row)
{
  return "| `" + name + "` | " + row.type + " | " + row.default_value + " | " +
         row.range + " | " + row.settable + " |";
}

int
compare (const char *folder, const char *element)
{
  auto path = std::string (folder) + "/" + element + ".md";
  auto table = documented (path);
  auto truth = installed (element);
  int faults = 0;

  for (auto &[name, row] : truth) {
    auto found = table.find (name);
    if (found != table.end () && found->second == row)
      continue;
    faults++;
    std::printf (
        "%s: should say\n  %s\n", path.c_str (), as_text (name, row).c_str ());
    if (found != table.end ())
      std::printf ("and says\n  %s\n", as_text (name, found->second).c_str ());
  }
  for (auto &[name, row] : table) {
    if (!truth.count (name)) {
      faults++;
      std::printf ("%s: the element has no property %s of its own\n",
          path.c_str (), name.c_str ());
    }
  }
  return faults;
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc < 3) {
    std::fprintf (stderr, "Usage: %s FOLDER|--print ELEMENT...\n", argv[0]);
    return 2;
  }
  int faults = 0;
  for (int i = 2; i < argc; i++) {
    if (std::strcmp (argv[1], "--print") == 0) {
      for (auto &[name, row] : installed (argv[i]))
        std::printf ("%s\n", as_text (name, row).c_str ());
    } else {
      faults += compare (argv[1], argv[i]);
    }
  }
  return faults ? 1 : 0;
}
