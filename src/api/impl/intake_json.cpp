#include "intake_json.hpp"

namespace mj::api {
namespace {

Json faults_json(const std::vector<intake::Fault>& faults) {
  Json list = Json::array();
  for (const intake::Fault& fault : faults)
    list.push_back({{"line", fault.line}, {"column", fault.column}, {"text", fault.text}});
  return list;
}

Json columns_json(const std::vector<dataset::Column>& columns) {
  Json list = Json::array();
  for (const dataset::Column& column : columns) {
    list.push_back({{"column", column.column},
                    {"factor", column.factor},
                    {"kind", column.kind},
                    {"unit", column.unit},
                    {"stored_unit", column.stored_unit}});
  }
  return list;
}

std::string_view period_of(const dataset::Layout& layout) {
  return layout.kind == dataset::Kind::values ? dataset::name(layout.period) : std::string_view();
}

std::uint64_t parts_of(const telemetry::ImportedFile& file) {
  if (file.complete()) return file.parts;
  // Parts are of nearly the same size.
  return file.durable == 0 ? 1 : (file.parts * file.bytes + file.durable - 1) / file.durable;
}

}  // namespace

Json layout_json(const dataset::Layout& layout) {
  Json ignored = Json::array();
  for (const auto& [column, because] : layout.ignored)
    ignored.push_back({{"column", column}, {"because", because}});
  return Json{{"id", layout.id},
              {"title", name_json(layout.title.zh, layout.title.en)},
              {"kind", dataset::name(layout.kind)},
              {"element", layout.element},
              {"source", layout.source},
              {"period", period_of(layout)},
              {"columns", columns_json(layout.values)},
              {"ignored", std::move(ignored)},
              {"reason", layout.reason}};
}

Json recognition_json(const dataset::Recognition& recognition) {
  const dataset::Layout* layout = recognition.layout ? &*recognition.layout : nullptr;
  return Json{{"layout", layout == nullptr ? Json(nullptr) : Json(layout->id)},
              {"kind", layout == nullptr ? "none" : dataset::name(layout->kind)},
              {"title", layout == nullptr ? name_json("无法识别", "Not recognised")
                                          : name_json(layout->title.zh, layout->title.en)},
              {"columns", recognition.columns},
              {"missing", recognition.unsaid},
              {"reason", recognition.reason}};
}

Json receipt_json(const intake::Receipt& receipt, bool derived, Instant now, std::string_view name,
                  std::string_view reason) {
  const dataset::Layout* layout = receipt.layout ? &*receipt.layout : nullptr;
  const bool refused = !receipt.refusal.empty();
  const bool values = !refused && !receipt.records && !receipt.dry_run;
  Json records(nullptr);
  if (receipt.records) {
    records = {{"added", receipt.records->added},
               {"changed", receipt.records->changed},
               {"unchanged", receipt.records->unchanged},
               {"entries", receipt.records->entries}};
  }
  const bool stored = receipt.entry && !receipt.already;
  return Json{{"entry", receipt.entry ? Json(*receipt.entry) : Json(nullptr)},
              {"file", receipt.file},
              {"sha256", receipt.sha256},
              {"bytes", receipt.bytes},
              {"source", layout == nullptr ? "" : layout->source},
              {"layout", layout == nullptr ? Json(nullptr) : Json(layout->id)},
              {"kind", layout == nullptr ? "none" : dataset::name(layout->kind)},
              {"period", layout == nullptr ? "" : period_of(*layout)},
              {"received_at", stored ? to_json(now) : Json(nullptr)},
              {"name", name},
              {"reason", refused ? std::string_view(receipt.refusal) : reason},
              {"state", refused              ? "refused"
                        : values && !derived ? "deriving"
                                             : "done"},
              {"parts", receipt.parts},
              {"parts_durable", values ? receipt.parts : 0},
              {"rows", receipt.rows},
              {"unreadable", receipt.unreadable},
              {"values", receipt.values},
              {"stored_values", 0},
              {"duplicate_values", 0},
              {"points_added", receipt.points_added},
              {"records", std::move(records)},
              {"faults", faults_json(receipt.faults)},
              {"dry_run", receipt.dry_run},
              {"already", receipt.already}};
}

Json receipt_json(const telemetry::ImportedFile& file, bool derived, const std::vector<intake::Fault>& faults) {
  const char* state = file.complete() ? "done" : derived ? "incomplete" : "deriving";
  return Json{{"entry", file.entry},
              {"file", file.file},
              {"sha256", file.sha256},
              {"bytes", file.bytes},
              {"source", file.source},
              {"layout", file.layout},
              {"kind", "values"},
              {"period", file.period},
              {"received_at", to_json(file.received_at)},
              {"name", file.name},
              {"reason", file.reason},
              {"state", state},
              {"parts", parts_of(file)},
              {"parts_durable", file.parts},
              {"rows", file.rows},
              {"unreadable", file.unreadable},
              {"values", file.values},
              {"stored_values", file.stored_values},
              {"duplicate_values", file.values - std::min(file.values, file.stored_values)},
              {"points_added", 0},
              {"records", nullptr},
              {"faults", faults_json(faults)},
              {"dry_run", false},
              {"already", false}};
}

}  // namespace mj::api
