#include "import_outcome.hpp"

#include "api_client.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

std::string records_note(std::uint64_t added, std::uint64_t changed, std::uint64_t unchanged) {
  return fmt::format("register: {} added, {} changed, {} as they were", added, changed, unchanged);
}

}  // namespace

ImportOutcome outcome_of(const std::string& path, const intake::Receipt& receipt,
                         const std::optional<telemetry::ImportedFile>& derived) {
  ImportOutcome outcome;
  outcome.path = path;
  if (receipt.layout) outcome.layout = receipt.layout->id;
  outcome.rows = receipt.rows;
  outcome.values = receipt.values;
  outcome.unreadable = receipt.unreadable;
  outcome.entry = receipt.entry;
  outcome.faults = receipt.faults;
  if (derived) outcome.stored = derived->stored_values;
  if (!receipt.refusal.empty()) {
    outcome.state = "refused";
    outcome.note = receipt.refusal;
  } else if (receipt.records) {
    outcome.state = receipt.dry_run ? "read" : receipt.already ? "already" : "register";
    outcome.note = records_note(receipt.records->added, receipt.records->changed, receipt.records->unchanged);
  } else {
    outcome.state = receipt.already ? "already" : receipt.dry_run ? "read" : "stored";
    if (receipt.already && receipt.entry) {
      outcome.note = fmt::format("the same bytes with the same layout are entry {} on", *receipt.entry);
    } else if (receipt.parts_written < receipt.parts && !receipt.dry_run) {
      outcome.note = fmt::format("went on behind part {}", receipt.parts - receipt.parts_written);
    }
    if (receipt.points_added > 0)
      outcome.note +=
          fmt::format("{}{} points registered", outcome.note.empty() ? "" : "; ", receipt.points_added);
  }
  return outcome;
}

ImportOutcome outcome_of(const std::string& path, const Json& receipt) {
  ImportOutcome outcome;
  outcome.path = path;
  if (receipt.at("layout").is_string()) outcome.layout = receipt.at("layout").get<std::string>();
  outcome.rows = receipt.at("rows").get<std::uint64_t>();
  outcome.values = receipt.at("values").get<std::uint64_t>();
  outcome.stored = receipt.at("stored_values").get<std::uint64_t>();
  outcome.unreadable = receipt.at("unreadable").get<std::uint64_t>();
  if (receipt.at("entry").is_number()) outcome.entry = receipt.at("entry").get<std::uint64_t>();
  for (const Json& fault : receipt.at("faults")) {
    outcome.faults.push_back({fault.at("line").get<std::size_t>(), fault.at("column").get<std::string>(),
                              fault.at("text").get<std::string>()});
  }
  const bool dry_run = receipt.at("dry_run").get<bool>();
  const bool already = receipt.at("already").get<bool>();
  if (receipt.at("state") == "refused") {
    outcome.state = "refused";
    outcome.note = receipt.at("reason").get<std::string>();
  } else if (const Json& records = receipt.at("records"); records.is_object()) {
    outcome.state = dry_run ? "read" : already ? "already" : "register";
    outcome.note =
        records_note(records.at("added").get<std::uint64_t>(), records.at("changed").get<std::uint64_t>(),
                     records.at("unchanged").get<std::uint64_t>());
  } else {
    outcome.state = already ? "already" : dry_run ? "read" : "stored";
    if (const auto points = receipt.at("points_added").get<std::uint64_t>(); points > 0)
      outcome.note = fmt::format("{} points registered", points);
  }
  return outcome;
}

ImportOutcome failed_outcome(const std::string& path, const std::string& why) {
  ImportOutcome outcome;
  outcome.path = path;
  outcome.state = "failed";
  outcome.note = why;
  return outcome;
}

Json to_json(const ImportOutcome& outcome) {
  Json faults = Json::array();
  for (const intake::Fault& fault : outcome.faults)
    faults.push_back({{"line", fault.line}, {"column", fault.column}, {"text", fault.text}});
  return Json{{"path", outcome.path},
              {"layout", outcome.layout.empty() ? Json(nullptr) : Json(outcome.layout)},
              {"state", outcome.state},
              {"rows", outcome.rows},
              {"values", outcome.values},
              {"stored_values", outcome.stored},
              {"unreadable", outcome.unreadable},
              {"entry", outcome.entry ? Json(*outcome.entry) : Json(nullptr)},
              {"note", outcome.note},
              {"faults", std::move(faults)}};
}

std::string report_text(const std::vector<ImportOutcome>& outcomes, std::size_t most_faults) {
  using Align = TextTable::Align;
  TextTable table({{"file"},
                   {"layout"},
                   {"state"},
                   {"rows", Align::right},
                   {"values", Align::right},
                   {"new", Align::right},
                   {"unreadable", Align::right},
                   {"note"}});
  for (const ImportOutcome& each : outcomes) {
    table.add({each.path, each.layout.empty() ? "-" : each.layout, each.state, std::to_string(each.rows),
               std::to_string(each.values), std::to_string(each.stored), std::to_string(each.unreadable),
               each.note});
  }
  std::string text = table.text();
  for (const ImportOutcome& each : outcomes) {
    std::size_t shown = 0;
    for (const intake::Fault& fault : each.faults) {
      if (shown++ == most_faults) break;
      text += printable(fmt::format("{}:{}{}{}: {}", each.path, fault.line, fault.column.empty() ? "" : ":",
                                    fault.column, fault.text)) +
              "\n";
    }
    if (each.unreadable > shown && shown > 0)
      text +=
          fmt::format("{}: {} more cannot be read\n", each.path, each.unreadable - std::min(shown, most_faults));
  }
  return text;
}

}  // namespace mj::app
