#pragma once

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "json.hpp"

namespace mj::api::test {

/// api/openapi/mingjian.yaml, and whether an answer keeps it. Knows the part of JSON Schema that the contract uses: $ref, type,
/// enum, required, properties, additionalProperties, items, oneOf, pattern, minimum, format date-time. A member that the contract
/// does not name is a fault too: a client could not know of it.
class Contract {
 public:
  Contract() : root_(YAML::LoadFile(MJ_SOURCE_DIR "/api/openapi/mingjian.yaml")) {}

  struct Operation {
    std::string id;
    std::string method;  ///< lower case
    std::string path;
    auto operator<=>(const Operation&) const = default;
  };
  [[nodiscard]] std::set<Operation> operations() const {
    std::set<Operation> found;
    for (const auto& path : root_["paths"]) {
      for (const auto& member : path.second) {
        const auto method = member.first.as<std::string>();
        if (method == "parameters") continue;
        found.insert({member.second["operationId"].as<std::string>(), method, path.first.as<std::string>()});
      }
    }
    return found;
  }

  /// Faults of a value against components/schemas/<name>; empty when it keeps the contract.
  [[nodiscard]] std::vector<std::string> faults(const Json& value, const std::string& schema) const {
    std::vector<std::string> found;
    check(root_["components"]["schemas"][schema], value, schema, found);
    return found;
  }
  /// The same for a list of them.
  [[nodiscard]] std::vector<std::string> faults_of_each(const Json& list, const std::string& schema) const {
    std::vector<std::string> found;
    if (!list.is_array()) found.push_back("no list");
    for (const Json& item : list) check(root_["components"]["schemas"][schema], item, schema, found);
    return found;
  }

 private:
  static bool fits(const std::string& type, const Json& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "null") return value.is_null();
    return false;
  }

  static void check_text(const YAML::Node& schema, const Json& value, const std::string& at,
                         std::vector<std::string>& found) {
    const auto text = value.get<std::string>();
    if (schema["pattern"] && !std::regex_search(text, std::regex(schema["pattern"].as<std::string>()))) {
      found.push_back(at + ": \"" + text + "\" does not fit the pattern");
    }
    if (schema["format"] && schema["format"].as<std::string>() == "date-time" && !parse_iso(text)) {
      found.push_back(at + ": \"" + text + "\" is no time");
    }
  }

  void check_members(const YAML::Node& schema, const Json& value, const std::string& at,
                     std::vector<std::string>& found) const {
    for (const auto& name : schema["required"]) {
      if (!value.contains(name.as<std::string>())) found.push_back(at + ": lacks " + name.as<std::string>());
    }
    const YAML::Node more = schema["additionalProperties"];
    for (const auto& [name, member] : value.items()) {
      const YAML::Node known = schema["properties"];
      if (known && known[name]) {
        check(known[name], member, at + "." + name, found);
      } else if (more && more.IsMap()) {
        check(more, member, at + "." + name, found);
      } else {
        found.push_back(at + ": has " + name + ", which the contract does not name");
      }
    }
  }

  void check(const YAML::Node& schema, const Json& value, const std::string& at,
             std::vector<std::string>& found) const {
    if (!schema.IsDefined()) {
      found.push_back(at + ": no such schema");
      return;
    }
    if (const YAML::Node ref = schema["$ref"]) {
      const auto target = ref.as<std::string>();
      return check(root_["components"]["schemas"][target.substr(target.rfind('/') + 1)], value, at, found);
    }
    if (const YAML::Node choices = schema["oneOf"]) {
      std::size_t fitting = 0;
      for (const auto& choice : choices) {
        std::vector<std::string> inner;
        check(choice, value, at, inner);
        fitting += inner.empty() ? 1U : 0U;
      }
      if (fitting != 1)
        found.push_back(at + ": fits " + std::to_string(fitting) + " of the choices: " + value.dump());
      return;
    }
    const YAML::Node type = schema["type"];
    bool typed = !type;
    if (type && type.IsScalar()) typed = fits(type.as<std::string>(), value);
    if (type && type.IsSequence()) {
      for (const auto& one : type) typed = typed || fits(one.as<std::string>(), value);
    }
    if (!typed) {
      found.push_back(at + ": has the wrong type: " + value.dump());
      return;
    }
    if (const YAML::Node words = schema["enum"]) {
      bool known = false;
      for (const auto& word : words) known = known || word.as<std::string>() == value.get<std::string>();
      if (!known) found.push_back(at + ": \"" + value.get<std::string>() + "\" is none of the words");
    }
    if (schema["minimum"] && value.is_number() && value.get<double>() < schema["minimum"].as<double>()) {
      found.push_back(at + ": is below the minimum");
    }
    if (value.is_string()) check_text(schema, value, at, found);
    if (value.is_object()) check_members(schema, value, at, found);
    if (value.is_array() && schema["items"]) {
      for (std::size_t i = 0; i < value.size(); ++i)
        check(schema["items"], value[i], at + "[" + std::to_string(i) + "]", found);
    }
  }

  YAML::Node root_;
};

}  // namespace mj::api::test
