#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/assess/section_means.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// The numbers of the city water quality index 城市水质指数规则: 环办监测〔2017〕51号 with the limits of GB 3838.
struct CwqiRules {
  const standards::WaterStandard* standard = nullptr;
  int reference_class = 3;
  Decimal ph_neutral;
  Decimal ph_low;
  Decimal ph_high;
  std::uint8_t index_decimals = 4;
  std::uint8_t change_decimals = 2;
  int excluded_class =
      2;  ///< districts with all sections in this class or better are left out of the list of change
  std::string id;
  standards::Verification verification = standards::Verification::verified;  ///< the weakest of the numbers used

  /// Errors: not_found.
  [[nodiscard]] static Result<CwqiRules> load(const standards::StandardSet& standards, Instant at,
                                              std::string_view edition = "");
  /// Cs of an item; for pH the end of the range on the side of `mean`.
  [[nodiscard]] Decimal limit(const standards::WaterItem& item, const Exact& mean) const;
};

/// Index of one item from its mean concentration: C/Cs, oxygen Cs/C, pH by its distance from neutral. Lost for oxygen 0.
/// Source: 环办监测〔2017〕51号 四(二).
[[nodiscard]] Exact cwqi_single(const CwqiRules& rules, const standards::WaterItem& item, const Exact& mean);

/// The index of a district from that of its `rivers` sections and `lakes` points, weighted by their numbers.
/// None without either. Source: 环办监测〔2017〕51号 四(三).
[[nodiscard]] std::optional<Exact> cwqi_total(const std::optional<Exact>& river, std::int64_t rivers,
                                              const std::optional<Exact>& lake, std::int64_t lakes);

/// A district over a period, with every part of its index 城市水质指数计算过程.
class CwqiDistrict {
 public:
  struct Kind {
    SectionMeans means;  ///< of the means of the sections
    std::int64_t sections = 0;
    std::optional<Exact> index;  ///< Σ of the single indices of the 21 items; after finish()
  };
  /// A section by its means; `target` is the class it has to reach, if any.
  void add(const CwqiRules& rules, const SectionRules& section_rules, const SectionMeans& section,
           standards::WaterBody body, std::optional<int> target);
  /// Computes the indices. Errors: invalid_input when an item has none (oxygen 0).
  Status finish(const CwqiRules& rules);

  [[nodiscard]] const Kind& rivers() const { return kinds_[0]; }
  [[nodiscard]] const Kind& lakes() const { return kinds_[1]; }
  [[nodiscard]] const std::optional<Exact>& index() const { return index_; }
  [[nodiscard]] std::size_t items() const { return items_; }
  /// Every section in the excluded class or better and at its target: it is not ranked by change.
  [[nodiscard]] bool all_good() const { return all_good_; }

 private:
  std::array<Kind, 2> kinds_;
  bool all_good_ = true;
  std::optional<Exact> index_;
  std::size_t items_ = 0;
};

/// Change of the index in % since the base period; none without both or with a base of 0. Source: 环办监测〔2017〕51号 五.
[[nodiscard]] std::optional<Decimal> cwqi_change(const CwqiRules& rules, const std::optional<Exact>& base,
                                                 const std::optional<Exact>& report);

}  // namespace mj::assess
