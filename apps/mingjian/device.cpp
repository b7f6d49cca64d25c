#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "api_client.hpp"
#include "commands.hpp"
#include "device_print.hpp"

namespace mj::app {
namespace {

constexpr int kNotDone = 3;  ///< exit status of a conversation that ended otherwise than done
constexpr auto kPollPause = std::chrono::milliseconds(300);
constexpr std::size_t kOrdersShown = 10;

struct DeviceOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string language;
  bool json = false;
  std::string mn, cn, st, name, reason, text, dialect, sender;
  std::vector<std::string> parameters;
  std::uint64_t order = 0;
  std::size_t limit = 500;
  std::int64_t expires_in_s = 0;
  bool online = false, offline = false, wait = false, preview = false, csv = false;
};

/// The environment's word for the language, as other programs read it.
Language language_of(const DeviceOptions& options) {
  if (!options.language.empty()) return options.language;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("zh") ? "zh" : "en";
  }
  return "en";
}

Result<std::string> name_of(const DeviceOptions& options) {
  if (!options.name.empty()) return options.name;
  for (const char* variable : {"USER", "LOGNAME"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return std::string(value);
  }
  return Error(ErrorCode::invalid_input, "--name: say who orders it; it is recorded with the reason");
}

std::string device_path(const std::string& mn) {
  return "/api/devices/" + (mn.empty() ? std::string("-") : ApiClient::escape(mn));
}

int print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}
int print(const Json& json) { return print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); }

Result<int> list(const ApiClient& api, const DeviceOptions& options) {
  std::string path = fmt::format("/api/devices?limit={}", options.limit);
  if (!options.text.empty()) path += "&q=" + ApiClient::escape(options.text);
  if (options.online || options.offline) path += options.online ? "&online=true" : "&online=false";
  MJ_TRY(const Json devices, api.get(path));
  return options.json ? print(devices) : print(device_list_text(devices, language_of(options)));
}

Result<int> show(const ApiClient& api, const DeviceOptions& options) {
  const std::string path = device_path(options.mn);
  MJ_TRY(const Json detail, api.get(path));
  MJ_TRY(const Json deviations, api.get(path + "/deviations"));
  MJ_TRY(const Json parameters, api.get(path + "/parameters"));
  MJ_TRY(const Json orders, api.get(fmt::format("{}/orders?limit={}", path, kOrdersShown)));
  if (!options.json) return print(device_text(detail, deviations, parameters, orders, language_of(options)));
  return print(
      Json{{"detail", detail}, {"deviations", deviations}, {"parameters", parameters}, {"orders", orders}});
}

/// Prints the steps of a conversation as they come, until it has ended; how it ended is the exit status.
Result<int> follow(const ApiClient& api, std::uint64_t id, const DeviceOptions& options) {
  const Language language = language_of(options);
  std::size_t shown = 0;
  for (;;) {
    MJ_TRY(const Json detail, api.get(fmt::format("/api/orders/{}", id)));
    const Json& order = detail.at("order");
    const Json& steps = detail.at("steps");
    for (; !options.json && shown < steps.size(); ++shown) print(step_line(steps.at(shown), language) + "\n");
    std::fflush(stdout);
    if (!order.at("open").get<bool>()) {
      options.json ? print(detail) : print(order_line(order, language) + "\n");
      return order.at("state") == "done" ? 0 : kNotDone;
    }
    std::this_thread::sleep_for(kPollPause);
  }
}

Result<int> send(const ApiClient& api, const DeviceOptions& options) {
  Json body{{"cn", options.cn}, {"st", options.st}, {"parameters", Json::array()}};
  for (const std::string& parameter : options.parameters) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}: write a parameter as key=value, e.g. RtdInterval=30", parameter));
    }
    body["parameters"].push_back({{"name", parameter.substr(0, equals)}, {"value", parameter.substr(equals + 1)}});
  }
  const std::string path = device_path(options.mn) + "/orders";
  if (options.preview) {
    MJ_TRY(const Json preview, api.post(path + "/preview", body));
    return options.json ? print(preview) : print(preview_text(preview, language_of(options)));
  }
  if (options.reason.empty())
    return Error(ErrorCode::invalid_input, "--reason: say why; it is recorded with the order");
  MJ_TRY(body["name"], name_of(options));
  body["reason"] = options.reason;
  if (options.expires_in_s > 0) body["expires_in_s"] = options.expires_in_s;
  MJ_TRY(const Json order, api.post(path, body));
  if (options.wait) {
    if (!options.json) print(order_line(order, language_of(options)) + "\n");
    return follow(api, order.at("id").get<std::uint64_t>(), options);
  }
  return options.json ? print(order) : print(order_line(order, language_of(options)) + "\n");
}

Result<int> cancel(const ApiClient& api, const DeviceOptions& options) {
  Json body{{"reason", options.reason}};
  MJ_TRY(body["name"], name_of(options));
  MJ_TRY(const Json order, api.post(fmt::format("/api/orders/{}/cancel", options.order), body));
  return options.json ? print(order) : print(order_line(order, language_of(options)) + "\n");
}

Result<int> commands(const ApiClient& api, const DeviceOptions& options) {
  std::string path = "/api/commands?sender=" + options.sender;
  if (!options.dialect.empty()) path += "&dialect=" + options.dialect;
  MJ_TRY(const Json table, api.get(path));
  return options.json ? print(table) : print(commands_text(table, language_of(options)));
}

Result<int> conformance(const ApiClient& api, const DeviceOptions& options) {
  if (options.csv) {
    MJ_TRY(const std::string csv, api.get_text("/api/conformance?format=csv"));
    return print(csv);
  }
  MJ_TRY(const Json report, api.get("/api/conformance"));
  return options.json ? print(report) : print(conformance_text(report, language_of(options)));
}

using Action = Result<int> (*)(const ApiClient&, const DeviceOptions&);

Result<int> perform(Action action, const DeviceOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  try {
    return action(api, options);
  } catch (const Json::exception& exception) {
    return Error(ErrorCode::internal, fmt::format("{} does not answer as this program's version expects: {}",
                                                  options.url, exception.what()));
  }
}

void add_author(CLI::App& command, DeviceOptions& options) {
  command.add_option("--name", options.name, "Who; recorded (default: the user's login name)");
  command.add_option("--reason", options.reason, "Why; recorded");
}

}  // namespace

void add_device(CLI::App& app, Run& run) {
  auto options = std::make_shared<DeviceOptions>();
  CLI::App* device = app.add_subcommand("device", "Devices of a running server: look at them, send commands");
  device->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, Action action) {
    CLI::App* command = device->add_subcommand(name, what);
    command->add_option("--url", options->url, "Where the server is")->capture_default_str();
    command->add_option("--lang", options->language, "Language of names: zh or en (default: the environment's)")
        ->check(CLI::IsMember({"zh", "en"}));
    command->add_flag("--json", options->json, "Print the answer of the server as JSON");
    command->callback([options, action, &run] { run = [options, action] { return perform(action, *options); }; });
    return command;
  };
  CLI::App* command = add("list", "All devices, registered and seen", list);
  command->add_option("text", options->text, "Only those with this in MN, point or vendor");
  auto* online = command->add_flag("--online", options->online, "Only those that can be spoken to now");
  command->add_flag("--offline", options->offline, "Only the others")->excludes(online);
  command->add_option("--limit", options->limit, "Most rows")->capture_default_str()->check(CLI::Range(1, 20000));

  command = add("show", "A device: how it speaks, deviations, parameters, orders", show);
  command->add_option("mn", options->mn, "MN of the device; - = the empty one")->required();

  command = add("send", "Order a host command", send);
  command->add_option("mn", options->mn, "MN of the device")->required();
  command->add_option("cn", options->cn, "Command code, e.g. 1011; `mingjian device commands` lists them")
      ->required();
  command->add_option("parameters", options->parameters, "key=value as in the data area; @now: time of sending");
  command->add_option("--st", options->st, "System code (default: that of its newest frame)");
  command->add_option("--expires-in", options->expires_in_s, "Not sent later than this many seconds from now")
      ->check(CLI::Range(1, 31'536'000));
  command->add_flag("--preview", options->preview,
                    "Print the frame as it would be sent, explained; order nothing");
  command->add_flag("--wait", options->wait, "Follow the conversation; exit status 0 if it ends as done, else 3");
  add_author(*command, *options);
  command->footer(
      "Examples:\n"
      "  mingjian device send 010000A8900016F000169DC0 1011 PolId=w01018 --reason \"clock check\" --wait\n"
      "  mingjian device send 010000A8900016F000169DC0 1062 RtdInterval=30 --preview");

  command = add("cancel", "Cancel an order that has not ended", cancel);
  command->add_option("id", options->order, "Number of the order")->required();
  add_author(*command, *options);

  command = add("commands", "The command tables of the standard", commands);
  command->add_option("--dialect", options->dialect, "Only this edition: 2005, 2017 or 2025")
      ->check(CLI::IsMember({"2005", "2017", "2025"}));
  options->sender = "host";
  command->add_option("--sender", options->sender, "Commands that this side sends: host or device")
      ->capture_default_str()
      ->check(CLI::IsMember({"host", "device"}));

  command = add("conformance", "Which vendors and devices depart from the standard, and how often", conformance);
  command->add_flag("--csv", options->csv, "As a table for a spreadsheet");
  device->footer(
      "Examples:\n"
      "  mingjian device list --online\n"
      "  mingjian device show 010000A8900016F000169DC0\n"
      "  mingjian device conformance --csv > conformance.csv");
}

}  // namespace mj::app
