#include "register_json.hpp"

#include <algorithm>

#include "mj/geometry/drawing.hpp"

namespace mj::api {
namespace {

Json both_names(const registry::LocalName& name) { return name_json(name.zh, name.en); }

Json attribute_json(const registry::AttributeSchema& attribute) {
  Json words = Json::array();
  for (const registry::WordTitle& word : attribute.words) {
    words.push_back({{"id", word.id}, {"title", both_names(word.title)}});
  }
  return {{"key", attribute.key},
          {"title", both_names(attribute.title)},
          {"type", registry::name(attribute.type)},
          {"unit", attribute.unit},
          {"required", attribute.required},
          {"unique", attribute.unique},
          {"words", std::move(words)},
          {"reference", attribute.kind.empty() ? Json() : Json(attribute.kind)}};
}

Json day_json(const std::optional<registry::Day>& day) { return day ? Json(registry::to_text(*day)) : Json(); }

Json approval_json(const std::shared_ptr<const registry::Approval>& approval) {
  if (!approval) return nullptr;
  return {
      {"document", approval->document}, {"authority", approval->authority}, {"date", day_json(approval->date)}};
}

Json attributes_json(const registry::Attributes& attributes) {
  Json json = Json::object();
  for (const auto& [key, value] : attributes) json[key] = value;
  return json;
}

Json step_json(const registry::HistoryStep& step) {
  return {{"effective", registry::to_text(step.effective)},
          {"action", registry::name(step.action)},
          {"set", attributes_json(step.set)},
          {"clear", step.clear},
          {"approval", approval_json(step.approval)},
          {"name", step.author->name},
          {"reason", step.author->reason},
          {"at", to_json(step.at)},
          {"entry", step.entry}};
}

/// The name of a point or region; the id when there is no such record.
Json name_of(const registry::Book& book, std::string_view kind, const std::string& id, registry::Day day) {
  const auto record = book.record(kind, id, {day, {}});
  return record ? both_names(record->name()) : name_json(id, id);
}

}  // namespace

Json register_json(const registry::Book& book, registry::Day day) {
  const registry::RegisterSchema& schema = book.schema();
  Json kinds = Json::array();
  for (const registry::KindSchema& kind : schema.kinds()) {
    Json attributes = Json::array();
    for (const registry::AttributeSchema& attribute : kind.attributes)
      attributes.push_back(attribute_json(attribute));
    kinds.push_back({{"id", kind.id},
                     {"title", both_names(kind.title)},
                     {"count", book.count(kind.id, day)},
                     {"attributes", std::move(attributes)}});
  }
  Json actions = Json::array();
  for (const registry::Action action : {registry::Action::add, registry::Action::change, registry::Action::move,
                                        registry::Action::stop, registry::Action::resume}) {
    actions.push_back({{"id", registry::name(action)}, {"title", both_names(registry::title(action))}});
  }
  Json approved = Json::array();
  for (const registry::Action action : schema.approved_actions()) approved.push_back(registry::name(action));
  Json rules = Json::array();
  for (const registry::DuplicateRule& rule : schema.duplicate_rules()) {
    rules.push_back(
        {{"element", rule.element}, {"distance_m", rule.distance_m}, {"owner_distance_m", rule.owner_distance_m}});
  }
  return {{"as_of", registry::to_text(day)},     {"kinds", std::move(kinds)},
          {"actions", std::move(actions)},       {"approved_actions", std::move(approved)},
          {"duplicate_rules", std::move(rules)}, {"border_tolerance_km", schema.border_tolerance_km()}};
}

Json record_json(const registry::KindSchema& kind, const registry::Record& record, bool with_geometry) {
  Json attributes = Json::object();
  for (const auto& [key, value] : record.attributes) {
    const registry::AttributeSchema* attribute = kind.find(key);
    const bool geometry = attribute != nullptr && attribute->type == registry::AttributeType::geometry;
    if (with_geometry || !geometry) attributes[key] = value;
  }
  return {{"id", record.id},
          {"attributes", std::move(attributes)},
          {"valid_from", registry::to_text(record.valid_from)},
          {"valid_to", day_json(record.valid_to)},
          {"state", registry::name(record.state)},
          {"approval", approval_json(record.approval)},
          {"entry", record.entry}};
}

Json record_detail_json(const registry::Book& book, const registry::KindSchema& kind, const std::string& id,
                        registry::AsOf as_of) {
  const auto record = book.record(kind.id, id, as_of);
  std::vector<registry::HistoryStep> history = book.history(kind.id, id);
  std::reverse(history.begin(), history.end());
  Json steps = Json::array();
  for (const registry::HistoryStep& step : history) {
    if (!as_of.known_at || step.known <= *as_of.known_at) steps.push_back(step_json(step));
  }
  return {{"kind", kind.id},
          {"id", id},
          {"as_of", registry::to_text(as_of.day)},
          {"record", record ? record_json(kind, *record, true) : Json()},
          {"history", std::move(steps)}};
}

Json hint_json(const registry::Book& book, registry::Day day, const registry::Hint& hint) {
  const bool of_region =
      hint.why == registry::Hint::Why::outside_region || hint.why == registry::Hint::Why::swapped;
  return {{"a", hint.a},
          {"b", hint.b},
          {"a_name", name_of(book, "point", hint.a, day)},
          {"b_name", name_of(book, of_region ? "region" : "point", hint.b, day)},
          {"distance_m", hint.distance_m},
          {"why", registry::name(hint.why)},
          {"text", both_names(registry::title(hint.why))}};
}

Json report_json(const registry::Book& book, registry::Day day, const registry::ImportReport& report) {
  const registry::Plan& plan = report.plan;
  Json errors = Json::array();
  for (const registry::RowFault& fault : plan.faults) {
    errors.push_back({{"row", fault.row}, {"line", fault.line}, {"column", fault.column}, {"text", fault.text}});
  }
  Json hints = Json::array();
  for (const registry::Hint& hint : plan.hints) hints.push_back(hint_json(book, day, hint));
  return {{"rows", plan.rows},           {"added", plan.added},        {"changed", plan.changed},
          {"unchanged", plan.unchanged}, {"faulty", plan.faulty_rows}, {"errors", std::move(errors)},
          {"hints", std::move(hints)},   {"dry_run", report.dry_run},  {"entries", report.entries}};
}

Json geometry_json(const registry::KindSchema& kind, const std::vector<registry::Record>& records,
                   std::optional<unsigned> across) {
  const registry::AttributeSchema* geometry = kind.first(registry::AttributeType::geometry);
  std::vector<const registry::Record*> shown;
  std::vector<std::string_view> shapes;
  for (const registry::Record& record : records) {
    const std::string& shape = record.get(geometry->key);
    if (shape.empty() || record.state == registry::RecordState::stopped) continue;
    shown.push_back(&record);
    shapes.emplace_back(shape);
  }
  std::vector<std::string> drawn;
  if (across) drawn = geometry::drawn(shapes, *across);
  Json features = Json::array();
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const registry::Record& record = *shown[i];
    if (across && drawn[i].empty()) continue;
    features.push_back({{"type", "Feature"},
                        {"properties",
                         {{"id", record.id},
                          {"name", both_names(record.name())},
                          {"level", or_null(record.get("level"))},
                          {"parent", or_null(record.get("parent"))}}},
                        {"geometry", Json::parse(across ? drawn[i] : shapes[i], nullptr, false)}});
  }
  return {{"type", "FeatureCollection"}, {"features", std::move(features)}};
}

}  // namespace mj::api
