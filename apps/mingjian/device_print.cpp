#include "device_print.hpp"

#include <fmt/format.h>

#include "text_table.hpp"

namespace mj::app {
namespace {

using Align = TextTable::Align;

std::string text_of(const Json& value) { return value.is_null() ? "-" : printable(value.get<std::string>()); }
std::string number_of(const Json& value) { return value.is_null() ? "-" : value.dump(); }

/// `Name` in the language asked for.
std::string name_of(const Json& name, const Language& language) {
  return name.is_null() ? "-" : printable(name.at(language).get<std::string>());
}

std::string point_of(const Json& point, const Language& language) {
  return point.is_null() ? "-"
                         : fmt::format("{} {}", text_of(point.at("id")), name_of(point.at("name"), language));
}

/// A time without its zone, which is Beijing's.
std::string time_of(const Json& time) {
  if (time.is_null()) return "-";
  std::string text = printable(time.get<std::string>());
  if (text.ends_with("+08:00")) text.resize(text.size() - 6);
  if (text.size() > 10) text[10] = ' ';
  return text;
}

std::string share_of(const Json& share) {
  return share.is_null() ? "-" : fmt::format("{:.1f} %", share.at("share").get<double>() * 100);
}

std::string dialect_of(const Json& dialect) {
  const std::string name = dialect.at("name").get<std::string>();
  return dialect.at("surface_water").get<bool>() ? name + " surface water" : name;
}

std::string code_of(const Json& code, const Language& language) {
  return code.is_null() ? ""
                        : fmt::format("{} {}", number_of(code.at("value")), name_of(code.at("name"), language));
}

std::string parameters_of(const Json& parameters) {
  std::string text;
  for (const Json& each : parameters) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", text_of(each.at("name")), text_of(each.at("value")));
  }
  return text;
}

void add_line(std::string& text, std::string_view title, const std::string& value) {
  text += fmt::format("{:<16}{}\n", title, value);
}

void add_table(std::string& text, std::string_view title, const TextTable& table) {
  if (!table.empty()) text += fmt::format("\n{}\n{}", title, table.text());
}

std::string profile_line(const Json& profile) {
  return fmt::format(
      "dialect {}, CRC {}, password {} ({}), encryption {}, time-out {} s, {} resends",
      profile.at("dialect").is_null() ? "as detected" : text_of(profile.at("dialect")), text_of(profile.at("crc")),
      profile.at("password_set").get<bool>() ? "registered" : "as received", text_of(profile.at("password_rule")),
      text_of(profile.at("encryption")), number_of(profile.at("over_time_s")), number_of(profile.at("recount")));
}

std::string link_line(const Json& link) {
  if (link.is_null()) return "offline";
  return fmt::format("online since {} from {}{}, connection {}", time_of(link.at("since")),
                     text_of(link.at("peer")), link.at("tls").get<bool>() ? " (TLS)" : "",
                     number_of(link.at("connection")));
}

TextTable deviation_table(const Json& deviations, const Language& language) {
  TextTable table(
      {{"FRAMES", Align::right}, {"DEVIATION"}, {"MEANING"}, {"CLAUSE"}, {"NEWEST", Align::right}, {"AT"}});
  for (const Json& each : deviations) {
    const Json& kind = each.at("kind");
    table.add({number_of(each.at("frames")), text_of(kind.at("code")), name_of(kind.at("name"), language),
               text_of(kind.at("clause")), "#" + number_of(each.at("last_entry")), time_of(each.at("last_at"))});
  }
  return table;
}

TextTable order_table(const Json& orders, const Language& language) {
  TextTable table(
      {{"ID", Align::right}, {"PLACED"}, {"CN"}, {"COMMAND"}, {"STATE"}, {"CODE"}, {"BY"}, {"REASON"}});
  for (const Json& order : orders) {
    table.add({number_of(order.at("id")), time_of(order.at("placed_at")), text_of(order.at("cn")),
               name_of(order.at("command"), language), text_of(order.at("state")),
               code_of(order.at("code"), language), text_of(order.at("name")), text_of(order.at("reason"))});
  }
  return table;
}

TextTable parameter_table(const Json& parameters, const Language& language) {
  TextTable table(
      {{"INSTRUMENT"}, {"PARAMETER"}, {"NAME"}, {"VALUE"}, {"UNIT"}, {"RECEIVED"}, {"FRAME", Align::right}});
  for (const Json& each : parameters) {
    const std::string meaning =
        each.at("meaning").is_null() ? "" : fmt::format(" ({})", name_of(each.at("meaning"), language));
    table.add({text_of(each.at("instrument")), text_of(each.at("name")), name_of(each.at("label"), language),
               text_of(each.at("value")) + meaning, text_of(each.at("unit")), time_of(each.at("at")),
               "#" + number_of(each.at("entry"))});
  }
  return table;
}

}  // namespace

std::string device_list_text(const Json& list, const Language& language) {
  TextTable table({{"LINK"},
                   {"MN"},
                   {"POINT"},
                   {"VENDOR"},
                   {"DIALECT"},
                   {"LAST SEEN"},
                   {"FRAMES", Align::right},
                   {"BAD", Align::right},
                   {"DEVIATIONS", Align::right},
                   {"YESTERDAY", Align::right},
                   {"ORDERS", Align::right}});
  for (const Json& device : list.at("devices")) {
    table.add({device.at("online").get<bool>() ? "online" : "offline", text_of(device.at("mn")),
               point_of(device.at("point"), language), text_of(device.at("vendor")),
               dialect_of(device.at("dialect")), time_of(device.at("last_seen")), number_of(device.at("frames")),
               number_of(device.at("bad_frames")), number_of(device.at("deviations")),
               share_of(device.at("completeness")), number_of(device.at("open_orders"))});
  }
  const std::size_t shown = list.at("devices").size();
  const auto total = list.at("total").get<std::size_t>();
  return table.text() + (shown < total ? fmt::format("{} of {} devices; --limit shows more\n", shown, total)
                                       : fmt::format("{} devices\n", total));
}

std::string device_text(const Json& detail, const Json& deviations, const Json& parameters, const Json& orders,
                        const Language& language) {
  const Json& device = detail.at("device");
  std::string text;
  add_line(text, "device", text_of(device.at("mn")));
  add_line(text, "point", point_of(device.at("point"), language));
  add_line(text, "vendor", text_of(device.at("vendor")));
  add_line(text, "link", link_line(device.at("link")));
  add_line(text, "last seen", time_of(device.at("last_seen")));
  add_line(text, "speaks",
           fmt::format("{} ({})", dialect_of(device.at("dialect")), text_of(device.at("dialect").at("source"))));
  add_line(text, "profile", profile_line(device.at("profile")));
  add_line(text, "frames",
           fmt::format("{}, {} bad, {} with deviations, {} encrypted, {} with a wrong password",
                       number_of(device.at("frames")), number_of(device.at("bad_frames")),
                       number_of(device.at("deviating_frames")), number_of(detail.at("encrypted_frames")),
                       number_of(detail.at("wrong_passwords"))));
  add_line(text, "yesterday", share_of(device.at("completeness")));
  add_line(text, "heartbeat", time_of(detail.at("heartbeat_at")));
  if (const Json& key = detail.at("key"); !key.is_null()) {
    add_line(text, "SM4 key",
             fmt::format("made {}, {:.1f} of {} days old{}", time_of(key.at("created")),
                         key.at("age_days").get<double>(), number_of(key.at("limit_days")),
                         key.at("due").get<bool>() ? ": to be renewed" : ""));
  }
  TextTable grounds({{"HABIT"}, {"FRAME", Align::right}});
  for (const Json& ground : detail.at("guess").at("grounds")) {
    const Json& entry = ground.at("entry");
    grounds.add({name_of(ground.at("text"), language), entry.is_null() ? "" : "#" + number_of(entry)});
  }
  add_table(text, "How it speaks, as detected", grounds);
  TextTable settings({{"AT"}, {"WHAT"}, {"BY"}, {"REASON"}});
  for (const Json& change : detail.at("settings")) {
    settings.add({time_of(change.at("at")),
                  change.at("profile").is_null() ? "key of " + time_of(change.at("key_created"))
                                                 : profile_line(change.at("profile")),
                  text_of(change.at("name")), text_of(change.at("reason"))});
  }
  add_table(text, "Settings, newest first", settings);
  add_table(text, "Deviations from the standard", deviation_table(deviations, language));
  add_table(text, "Parameters", parameter_table(parameters, language));
  add_table(text, "Orders, newest first", order_table(orders, language));
  return text;
}

std::string preview_text(const Json& preview, const Language& language) {
  std::string text = printable(preview.at("frame").get<std::string>());
  text.erase(text.find_last_not_of(' ') + 1);
  text += fmt::format("\n{} bytes{}\n\n", number_of(preview.at("bytes")),
                      preview.at("encrypted").get<bool>() ? ", data area in cipher" : "");
  TextTable table({{"PART"}, {"TEXT"}, {"WHAT"}, {"MEANING"}});
  for (const Json& part : preview.at("parts")) {
    if (part.at("kind") == "separator") continue;
    table.add({text_of(part.at("kind")), text_of(part.at("text")), name_of(part.at("name"), language),
               part.contains("meaning") ? name_of(part.at("meaning"), language) : ""});
  }
  return text + table.text();
}

std::string commands_text(const Json& commands, const Language& language) {
  TextTable table({{"EDITION"}, {"FROM"}, {"CN"}, {"COMMAND"}, {"COURSE"}, {"FIELDS (* required)"}, {"CLAUSE"}});
  for (const Json& command : commands) {
    std::string fields;
    for (const Json& field : command.at("fields")) {
      fields += fmt::format("{}{}{}:{}", fields.empty() ? "" : " ", text_of(field.at("key")),
                            field.at("required").get<bool>() ? "*" : "", text_of(field.at("type").at("text")));
    }
    const bool surface_water = command.at("surface_water").get<bool>();
    table.add({text_of(command.at("dialect")) + (surface_water ? " surface water" : ""),
               text_of(command.at("sender")), text_of(command.at("cn")), name_of(command.at("name"), language),
               text_of(command.at("course")), fields, text_of(command.at("clause"))});
  }
  return table.text();
}

std::string conformance_text(const Json& report, const Language& language) {
  TextTable vendors({{"VENDOR"},
                     {"DEVICES", Align::right},
                     {"CONFORMING", Align::right},
                     {"FRAMES", Align::right},
                     {"DEVIATING", Align::right},
                     {"MOST FREQUENT"}});
  for (const Json& vendor : report.at("vendors")) {
    std::string most;
    for (const Json& each : vendor.at("deviations")) {
      most +=
          fmt::format("{}{} {}", most.empty() ? "" : ", ", text_of(each.at("code")), number_of(each.at("frames")));
    }
    const std::string name = text_of(vendor.at("vendor"));
    vendors.add({name.empty() ? "(unknown)" : name, number_of(vendor.at("devices")),
                 number_of(vendor.at("conforming")), number_of(vendor.at("frames")),
                 number_of(vendor.at("deviating_frames")), most});
  }
  std::string text = fmt::format("Conformance with HJ 212 at {}\n\n{}", time_of(report.at("at")), vendors.text());
  for (const Json& device : report.at("devices")) {
    add_table(text,
              fmt::format("{}  {}  {}", text_of(device.at("mn")), point_of(device.at("point"), language),
                          text_of(device.at("vendor"))),
              deviation_table(device.at("deviations"), language));
  }
  return text;
}

std::string order_line(const Json& order, const Language& language) {
  return fmt::format("order {}: {} {} {} to {}: {} {}", number_of(order.at("id")), text_of(order.at("cn")),
                     name_of(order.at("command"), language), parameters_of(order.at("parameters")),
                     text_of(order.at("device")), text_of(order.at("state")), code_of(order.at("code"), language));
}

std::string step_line(const Json& step, const Language& language) {
  const Json& frame = step.at("frame");
  return fmt::format("{}  {:<10} {:<11} {}{}{}", time_of(step.at("at")), text_of(step.at("state")),
                     text_of(step.at("what")), code_of(step.at("code"), language),
                     frame.is_null() ? "" : fmt::format("  frame #{}", number_of(frame)),
                     step.at("note").get<std::string>().empty() ? "" : "  " + text_of(step.at("note")));
}

}  // namespace mj::app
