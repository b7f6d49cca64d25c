#include "command_json.hpp"

#include "device_words.hpp"

namespace mj::api {
namespace {

Json number_or_null(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json field_json(const hj212::FieldRule& rule) {
  return Json{{"key", rule.key},
              {"type",
               {{"form", word(rule.type.form)},
                {"length", rule.type.length},
                {"decimals", rule.type.decimals},
                {"text", rule.type.text()}}},
              {"required", rule.required},
              {"repeatable", rule.repeatable},
              {"min", number_or_null(rule.min)},
              {"max", number_or_null(rule.max)},
              {"one_of", rule.one_of},
              {"unit", rule.unit},
              {"name", name_json(rule.name)}};
}

}  // namespace

Json command_json(const hj212::Command& command) {
  Json fields = Json::array();
  for (const hj212::FieldRule& rule : command.fields) fields.push_back(field_json(rule));
  return Json{{"cn", command.cn},
              {"sender", word(command.sender)},
              {"kind", word(command.kind)},
              {"course", word(command.course)},
              {"dialect", hj212::name(command.dialect)},
              {"surface_water", command.surface_water},
              {"systems", command.systems},
              {"name", name_json(command.name)},
              {"clause", command.clause},
              {"verification", command.verification},
              {"encrypted", command.encrypted},
              {"example", command.example},
              {"fields", std::move(fields)}};
}

}  // namespace mj::api
