#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "api_client.hpp"
#include "commands.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

struct AppraiseOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string scheme;
  std::string period;
  std::string format = "table";
  std::string out;
  std::string subject;
  bool steps = false;
  bool chinese = false;
};

std::string name_text(const AppraiseOptions& options, const Json& name) {
  return name.at(options.chinese ? "zh" : "en").get<std::string>();
}

std::string figure_text(const Json& figure) {
  return figure.is_null() ? "—" : figure.at("text").get<std::string>();
}

Result<int> list_schemes(const AppraiseOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  MJ_TRY(const Json schemes, api.get("/api/appraisal/schemes"));
  using Align = TextTable::Align;
  TextTable table({{"id", Align::left},
                   {"title", Align::left},
                   {"kind", Align::left},
                   {"period", Align::left},
                   {"from", Align::left},
                   {"to", Align::left},
                   {"document", Align::left},
                   {"state", Align::left}});
  for (const Json& scheme : schemes) {
    table.add(
        {scheme.at("id").get<std::string>(), name_text(options, scheme.at("title")),
         scheme.at("kind").get<std::string>(), scheme.at("period").get<std::string>(),
         scheme.at("valid_from").get<std::string>(),
         scheme.at("valid_to").is_null() ? "" : scheme.at("valid_to").get<std::string>(),
         scheme.at("example").get<bool>() ? "(operator's example)" : scheme.at("document").get<std::string>(),
         scheme.at("verification").get<std::string>()});
  }
  fmt::print("{}", table.text());
  return 0;
}

std::string steps_text(const AppraiseOptions& options, const Json& steps) {
  std::string text;
  for (const Json& step : steps) {
    text += "    " + printable(name_text(options, step.at("text")));
    if (!step.at("entry").is_null()) text += fmt::format("  [{}]", printable(step.at("entry").get<std::string>()));
    text += '\n';
  }
  return text;
}

bool wanted(const AppraiseOptions& options, const Json& party) {
  return options.subject.empty() || party.at("id").get<std::string>() == options.subject;
}

std::string scores_text(const AppraiseOptions& options, const Json& answer) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns{{"rank", Align::right}, {"id", Align::left}, {"name", Align::left}};
  for (const Json& item : answer.at("scheme").at("items")) {
    if (!item.at("weight").is_null()) columns.push_back({name_text(options, item.at("title")), Align::right});
  }
  columns.push_back({"total", Align::right});
  TextTable table(std::move(columns));
  std::string steps;
  for (const Json& row : answer.at("rows")) {
    const Json& subject = row.at("subject");
    if (!wanted(options, subject)) continue;
    std::vector<std::string> cells{row.at("rank").is_null() ? "—" : std::to_string(row.at("rank").get<int>()),
                                   subject.at("id").get<std::string>(), name_text(options, subject.at("name"))};
    steps += fmt::format("{} {}\n", cells[1], cells[2]);
    for (const Json& item : row.at("items")) {
      cells.push_back(figure_text(item.at("points")));
      steps += fmt::format("  {}: {}\n", item.at("id").get<std::string>(), figure_text(item.at("points"))) +
               steps_text(options, item.at("steps"));
    }
    cells.push_back(figure_text(row.at("total")) + (row.at("complete").get<bool>() ? "" : " *"));
    if (!row.at("veto").is_null()) steps += "  veto: " + name_text(options, row.at("veto")) + "\n";
    table.add(std::move(cells));
  }
  return table.text() + (options.steps ? steps : "");
}

std::string payments_text(const AppraiseOptions& options, const Json& answer) {
  using Align = TextTable::Align;
  TextTable table({{"for", Align::left},
                   {"payer", Align::left},
                   {"receiver", Align::left},
                   {"amount", Align::right},
                   {"reason", Align::left}});
  std::string steps;
  for (const Json& payment : answer.at("payments")) {
    if (!wanted(options, payment.at("subject"))) continue;
    const std::string name = name_text(options, payment.at("subject").at("name"));
    table.add({name, name_text(options, payment.at("payer").at("name")),
               name_text(options, payment.at("receiver").at("name")), figure_text(payment.at("amount")),
               payment.at("reason").is_null() ? "" : name_text(options, payment.at("reason"))});
    steps += name + "\n" + steps_text(options, payment.at("steps"));
  }
  TextTable balances(
      {{"party", Align::left}, {"pays", Align::right}, {"receives", Align::right}, {"net", Align::right}});
  for (const Json& balance : answer.at("balances"))
    balances.add({name_text(options, balance.at("party").at("name")), figure_text(balance.at("pays")),
                  figure_text(balance.at("receives")), figure_text(balance.at("net"))});
  return table.text() + (options.steps ? steps : "") + "\n" + balances.text();
}

Result<int> apply_scheme(const AppraiseOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  std::string path = fmt::format("/api/appraisal/{}?period={}", ApiClient::escape(options.scheme),
                                 ApiClient::escape(options.period));
  std::string text;
  if (options.format == "csv" || options.format == "xlsx") {
    if (options.format == "xlsx" && options.out.empty())
      return Error(ErrorCode::invalid_input, "--out: name the file to write");
    MJ_TRY(text, api.get_text(path + "&format=" + options.format));
  } else {
    MJ_TRY(const Json answer, api.get(path));
    if (options.format == "json") {
      text = answer.dump(2) + "\n";
    } else {
      const bool score = answer.at("scheme").at("kind") == "score";
      text =
          fmt::format("{} {} ({})\n", name_text(options, answer.at("scheme").at("title")),
                      answer.at("period").get<std::string>(), answer.at("scheme").at("unit").get<std::string>());
      text += score ? scores_text(options, answer) : payments_text(options, answer);
      for (const Json& note : answer.at("notes")) {
        text += "  " + printable(name_text(options, note.at("text")));
        text += note.at("count").is_null() ? "\n" : fmt::format(": {}\n", note.at("count").get<std::uint64_t>());
      }
    }
  }
  if (options.out.empty() || options.out == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  std::ofstream file(options.out, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) return Error(ErrorCode::unavailable, fmt::format("cannot write {}", options.out));
  return 0;
}

}  // namespace

void add_appraise(CLI::App& app, Run& run) {
  auto options = std::make_shared<AppraiseOptions>();
  CLI::App* command = app.add_subcommand("appraise", "Score sheets of districts and formulas of compensation");
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", "The schemes of rules/appraisal and the documents they follow");
  list->add_option("--url", options->url, "The running server")->capture_default_str();
  list->add_flag("--zh", options->chinese, "Names in Chinese");
  list->callback([options, &run] { run = [options] { return list_schemes(*options); }; });
  CLI::App* show = command->add_subcommand("show", "A scheme applied to a period");
  show->add_option("scheme", options->scheme, "Id of the scheme, as `appraise list` names it")->required();
  show->add_option("period", options->period, "2026, 2026-Q1 or 2026-03, as the scheme asks")->required();
  show->add_option("--url", options->url, "The running server")->capture_default_str();
  show->add_option("--subject", options->subject, "Only this district, city or section");
  show->add_flag("--steps", options->steps, "Every step of every figure");
  show->add_flag("--zh", options->chinese, "Names in Chinese");
  show->add_option("--format", options->format, "table, csv, json or xlsx")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "csv", "json", "xlsx"}));
  show->add_option("--out", options->out, "File to write; - = standard output (default)");
  show->footer(
      "Score sheets: rank (equal totals share one), points of each indicator, total; * = a figure is missing, it "
      "gave no points.\n"
      "Compensation: who pays whom, for what, and the balance of each party. —: no amount, the reason beside it.\n"
      "Example:\n"
      "  mingjian appraise show chongqing-river-2018 2026-03 --steps");
  show->callback([options, &run] { run = [options] { return apply_scheme(*options); }; });
}

}  // namespace mj::app
