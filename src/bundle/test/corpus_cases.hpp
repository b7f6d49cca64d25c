#pragma once

#include <functional>
#include <map>

#include <nlohmann/json.hpp>

#include "mj/bundle/verify.hpp"
#include "sample_bundles.hpp"

namespace mj::bundle::test {

/// A bundle and the checks that must fail or be absent; every other one passes. What rests on a failed check is listed as well.
struct Case {
  std::string name;  ///< file name without ending: "good-value", "bad-forged-signature"
  std::string bundle;
  std::string trust;  ///< text of a trust file; empty = none
  std::vector<std::string> failed;
  std::vector<std::string> absent;
};

inline const std::vector<std::string> kAllChecks = {"format",     "keys",       "checkpoint", "witnesses",
                                                    "timestamp",  "revocation", "inclusion",  "sm3",
                                                    "statements", "tables",     "derivation", "figure"};
/// All that rest on the checkpoint, besides itself.
inline const std::vector<std::string> kOnCheckpoint = {"witnesses", "timestamp", "revocation",
                                                       "inclusion", "sm3",       "statements"};

inline std::vector<std::string> with(std::vector<std::string> list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

/// Outcome of each check that a case expects.
inline std::map<std::string, Check::Outcome> expected(const Case& c) {
  std::map<std::string, Check::Outcome> outcomes;
  for (const std::string& id : kAllChecks) outcomes[id] = Check::Outcome::passed;
  for (const std::string& id : c.absent) outcomes[id] = Check::Outcome::absent;
  for (const std::string& id : c.failed) outcomes[id] = Check::Outcome::failed;
  return outcomes;
}

inline std::string_view word(Check::Outcome outcome) {
  return outcome == Check::Outcome::passed ? "passed" : outcome == Check::Outcome::failed ? "failed" : "absent";
}

class Corpus {
 public:
  Corpus() {
    good();
    bad_form();
    bad_numbers_and_members();
    bad_keys();
    bad_checkpoint();
    bad_witnesses();
    timestamps();
    bad_revocation();
    bad_proofs();
    bad_statements();
    bad_tables();
    bad_derivation();
    bad_figure();
    cells();
    operations();
  }
  [[nodiscard]] const std::vector<Case>& cases() const { return cases_; }

 private:
  using Json = nlohmann::json;
  using Edit = std::function<void(Json&)>;
  const std::vector<std::string> plain_absent{"witnesses", "timestamp", "revocation", "statements", "tables"};
  const std::vector<std::string> table_absent{"witnesses", "timestamp", "revocation", "statements"};
  const std::vector<std::string> device_absent{"witnesses", "timestamp", "revocation", "tables", "figure"};

  void add(std::string name, std::string bundle, std::vector<std::string> failed, std::vector<std::string> absent,
           std::string trust = {}) {
    cases_.push_back({std::move(name), std::move(bundle), std::move(trust), std::move(failed), std::move(absent)});
  }
  /// Of a value, changed as JSON.
  void edited(std::string name, std::vector<std::string> failed, const Edit& edit) {
    Json json = Json::parse(write_document(value_document(hours())));
    edit(json);
    add(std::move(name), json.dump(), std::move(failed), plain_absent);
  }
  /// Of a value, changed as text; fails "format" and so everything.
  void malformed(std::string name, const std::function<void(std::string&)>& edit) {
    std::string text = write_document(value_document(hours()));
    edit(text);
    add(std::move(name), std::move(text), kAllChecks, {});
  }
  void malformed_json(std::string name, const Edit& edit) { edited(std::move(name), kAllChecks, edit); }
  void changed(std::string name, Document document, std::vector<std::string> failed,
               std::vector<std::string> absent, const std::function<void(Document&)>& change) {
    change(document);
    add(std::move(name), write_document(document), std::move(failed), std::move(absent));
  }
  static const SampleLog& hours() {
    static const SampleLog log = [] {
      SampleLog made;
      fill_with_hours(made);
      return made;
    }();
    return log;
  }
  static Document aqi() {
    SampleLog log;
    fill_with_hours(log);
    return aqi_document(log);
  }
  static Document water() {
    SampleLog log;
    fill_with_hours(log);
    return water_document(log);
  }
  static Document device() {
    SampleLog log;
    fill_with_hours(log);
    const DeviceSample sample = state_device(log);
    return device_document(log, sample);
  }
  static void replace(std::string& text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    if (at == std::string::npos) throw std::logic_error("the sample does not hold " + std::string(what));
    text.replace(at, what.size(), by);
  }
  static std::string log_trust(const SigningPair& pair) {
    std::string text = "# keys of the log\n";
    for (const ef::VerifierKey& key : pair.keys()) text += "log " + key.text() + "\n";
    return text;
  }

  void good();
  void bad_form();
  void bad_numbers_and_members();
  void bad_keys();
  void bad_checkpoint();
  void bad_witnesses();
  void timestamps();
  void bad_revocation();
  void bad_proofs();
  void bad_statements();
  void bad_tables();
  void bad_derivation();
  void bad_figure();
  void cells();
  void operations();

  std::vector<Case> cases_;
};

}  // namespace mj::bundle::test

#include "corpus_cells.hpp"
#include "corpus_derivation.hpp"
#include "corpus_form.hpp"
#include "corpus_operations.hpp"
#include "corpus_trust.hpp"
