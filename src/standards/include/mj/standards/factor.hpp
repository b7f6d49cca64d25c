#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/message.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {

/// A monitoring factor 监测因子 under its canonical code.
struct Factor {
  std::string
      code;  ///< HJ 212-2017 / HJ 524 / HJ 525 code, e.g. "w01018"; trailing x stand for any digit ("e101xx")
  Text name;
  std::string
      unit;  ///< symbol of the concentration unit a device sends unless the registry says otherwise; "" = none
  std::string printed_unit;  ///< unit printed in the standard where practice differs from it; empty when equal
  std::string total_unit;    ///< unit of amounts (Cou); empty when there is none
  std::string format;        ///< as printed, e.g. "N5.1"
  std::string code_2005;     ///< code of HJ/T 212-2005; empty when there is none
  std::string clause;
  Verification verification = Verification::unverified;
};

/// Whose meaning of the flag letters applies; B means different things in them.
enum class FlagScheme { hj212_2017, hj212_2005, hj212_2025, hj75_2017 };

/// The scheme of an edition; that of 2017 for a dialect that is not known.
[[nodiscard]] FlagScheme flag_scheme(hj212::Dialect dialect);

/// What the flag says about the instrument or the plant.
enum class Condition {
  normal,         ///< 正常
  stopped,        ///< 停运
  maintenance,    ///< 维护
  manual,         ///< 人工设定值
  fault,          ///< 故障
  calibration,    ///< 校准
  over_range,     ///< 超量程
  communication,  ///< 通讯异常
  banked,         ///< 闷炉
  power_failure,  ///< 停电
  start_up,       ///< 启炉
  shut_down,      ///< 停炉
  no_data,        ///< 无数据
  unknown,        ///< a letter that is in no table
};
[[nodiscard]] std::string_view name(Condition condition);

/// A device flag 数据标记.
struct DataFlag {
  FlagScheme scheme = FlagScheme::hj212_2017;
  std::string flag;  ///< as sent; "(none)" and "(other)" describe an absent and an unknown one
  Text meaning;
  Condition condition = Condition::unknown;
  bool measurement = false;  ///< the value is a measurement of the medium: limits and grades may use it
  std::string clause;
  Verification verification = Verification::unverified;
};

}  // namespace mj::standards
