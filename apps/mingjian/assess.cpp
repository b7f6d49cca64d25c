#include "assess_command.hpp"

namespace mj::app {
namespace {

constexpr const char* kTables =
    "Every table is CSV with a header; columns are found by name, others are ignored; an empty cell (or NA, /, -) "
    "is "
    "a missing value. What is wrong is told with row and column, and nothing of that row is written.";

void add_aqi(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::AqiSheet>>();
  CLI::App* command = assess.add_subcommand("aqi", "Air quality index, hour by hour or day by day (HJ 633)");
  add_table_options(*command, options->common);
  options->report = "hourly";
  command->add_option("--report", options->report, "hourly (real-time report) or daily")
      ->capture_default_str()
      ->check(CLI::IsMember({"hourly", "daily"}));
  command->add_flag("--label-start", options->sheet.label_is_start,
                    "time names the beginning of the hour (default: its end, as published)");
  command->add_flag("--english", options->sheet.english, "Names of the categories in English");
  command->footer(
      "Input:  code,time,pm25,pm10,so2,no2,co,o3 in µg/m³, CO in mg/m³. hourly: 1 h means. daily: time is a day, "
      "24 h means,\n        o3 the daily maximum 8 h mean; o3_1h, the maximum of the hours, is used when it is "
      "there "
      "(HJ 633-2012).\n"
      "Output: code,time,aqi,category,primary,iaqi_pm25,iaqi_pm10,iaqi_so2,iaqi_no2,iaqi_co,iaqi_o3,standard; "
      "primary\n"
      "        pollutants are joined by +. Empty aqi: the standard gives none (since 2026 an incomplete row has "
      "one "
      "only above 100).\n"
      "Example:\n"
      "  mingjian assess aqi --input stations.csv.zst --format csv > aqi.csv");
  command->callback([options, &run] {
    run = [options] {
      options->sheet.report = options->report == "daily" ? assess::AqiReport::daily : assess::AqiReport::hourly;
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::aqi_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_water(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::WaterSheet>>();
  CLI::App* command =
      assess.add_subcommand("water", "Class of surface-water sections, of their means and of groups (GB 3838)");
  add_table_options(*command, options->common);
  options->report = "row";
  command
      ->add_option("--period", options->report,
                   "row, or average over month, quarter or year before judging (pH through its ions)")
      ->capture_default_str()
      ->check(CLI::IsMember({"row", "month", "quarter", "year"}));
  auto scheme = std::make_shared<std::string>("section");
  command
      ->add_option(
          "--scheme", *scheme,
          "section (GB 3838 classes); drinking (sources: class III, tables 2 and 3); groundwater (GB/T 14848);\n"
          "black-odorous")
      ->capture_default_str()
      ->check(CLI::IsMember({"section", "drinking", "groundwater", "black-odorous"}));
  command->add_option("--group-by", options->sheet.group_by,
                      "Column whose values name groups (river, basin, district): shares of classes and status");
  command->footer(
      "Input:  section,time,kind(river|lake) and any of "
      "ph,do,codmn,cod,bod5,nh3n,tp,tn,cu,zn,f,se,as,hg,cd,cr6,pb,cn,"
      "vphenol,oil,\n        las,s2,fcoli in mg/L (fcoli per L). 0.004L, <0.004 and ND: not detected. Optional: "
      "do_saturation in %, target (class).\n"
      "Output: class of each item (class_ph …) and of the section, status, deciding items, items over class III "
      "with\n"
      "        exceed multiple, main pollutants, what a detection limit is too high for, standard, verification "
      "of the "
      "limits.\n"
      "        tn and fcoli are for reference and do not decide. With --group-by: sections, sections by class, "
      "shares "
      "in %,\n        status (groups of fewer than five by their means), main pollutants.\n"
      "Other schemes: section,time and the items of their tables by key or Chinese name (groundwater: color, "
      "turbidity, "
      "ph,\n        hardness, tds, so4, cl, fe … in the unit of the standard; black-odorous: sd in cm, do, orp in "
      "mV, "
      "nh3n).\n"
      "Example:\n"
      "  mingjian assess water --input sections.csv --period month --group-by basin");
  command->callback([options, scheme, &run] {
    run = [options, scheme] {
      using assess::WaterPeriod;
      if (*scheme != "section") {
        return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
          return assess::other_water_sheet(sheet_run, *scheme == "drinking" ? assess::WaterScheme::drinking
                                                      : *scheme == "groundwater"
                                                          ? assess::WaterScheme::groundwater
                                                          : assess::WaterScheme::black_odorous);
        });
      }
      static const std::map<std::string, WaterPeriod> kPeriods{{"row", WaterPeriod::row},
                                                               {"month", WaterPeriod::month},
                                                               {"quarter", WaterPeriod::quarter},
                                                               {"year", WaterPeriod::year}};
      options->sheet.period = kPeriods.at(options->report);
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::water_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_air_year(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::AirYearSheet>>();
  CLI::App* command = assess.add_subcommand(
      "air-year", "Statistics, verdict, composite index and rank of sites or cities (HJ 663, GB 3095)");
  add_table_options(*command, options->common);
  options->report = "daily";
  command
      ->add_option("--report", options->report, "What the rows are: daily values, or hourly ones to average first")
      ->capture_default_str()
      ->check(CLI::IsMember({"daily", "hourly"}));
  command->add_flag("--label-start", options->sheet.label_is_start,
                    "time names the beginning of the hour (default: its end, as published)");
  command->add_flag("--monthly", options->sheet.by_month, "Judge months instead of years (no verdict, but ranks)");
  command->add_flag("--pollutants", options->sheet.by_pollutant,
                    "One row for each pollutant with all its statistics");
  command->add_option("--group-by", options->sheet.group_by, "Column (city): judge the mean of its sites");
  command->add_option("--grade", options->sheet.grade, "Grade of the limits")
      ->capture_default_str()
      ->check(CLI::Range(1, 2));
  command
      ->add_option("--scheme", options->sheet.scheme, "Composite index: rank2014, or weighted2026 (not confirmed)")
      ->capture_default_str()
      ->check(CLI::IsMember({"rank2014", "weighted2026"}));
  command->footer(
      "Input:  code,time,pm25,pm10,so2,no2,co,o3 in µg/m³, CO in mg/m³; daily: o3 is the daily maximum 8 h mean. "
      "The\n"
      "        rows of a site must be in the order of time.\n"
      "Output: for each site and year: days, days by level of the daily index, mean (pm25, pm10, so2, no2) or "
      "percentile "
      "(co, o3),\n        whether there were enough days, verdict, composite index, main pollutants, rank (ties "
      "share a "
      "place), standards,\n        verification of the limits. A year is judged by the standard in force on its "
      "last "
      "day.\n"
      "Example:\n"
      "  mingjian assess air-year --report hourly --monthly --group-by city --input hours.csv.zst");
  command->callback([options, &run] {
    run = [options] {
      options->sheet.rows = options->report == "daily" ? assess::AqiReport::daily : assess::AqiReport::hourly;
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::air_year_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_cwqi(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::CwqiSheet>>();
  CLI::App* command =
      assess.add_subcommand("cwqi", "City water quality index of districts, ranked by level and by change");
  add_table_options(*command, options->common);
  command->add_option("--group-by", options->sheet.group_by, "Column that names the district")
      ->capture_default_str();
  command->add_flag("--sheet", options->sheet.calculation, "The calculation sheet behind every rank");
  command->footer(
      "Input:  district,section,time,kind(river|lake), the items of `assess water` in mg/L; period(base|report) "
      "for the "
      "change;\n        target (class). Values of a section are averaged first, then sections.\n"
      "Output: sections, index of rivers, of lakes, of the district, rank (small is good), base, change in %, "
      "rank of "
      "change; a\n        district whose sections all were class II or better in both periods is not in the list "
      "of "
      "change.\n"
      "Example:\n"
      "  mingjian assess cwqi --input districts.csv --format json");
  command->callback([options, &run] {
    run = [options] {
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::cwqi_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_tli(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<int>>();
  CLI::App* command = assess.add_subcommand("tli", "Trophic level index and state of lakes");
  add_table_options(*command, options->common);
  command->footer(
      "Input:  lake,time,chla,tp,tn,sd,codmn; chla in mg/m³ (µg/L), sd in m, the others in mg/L.\n"
      "Output: tli_chla … tli_codmn, number of items, tli (weights over the items that are there), grade, "
      "standard,\n"
      "        verification.\n"
      "Example:\n"
      "  mingjian assess tli --input lakes.csv");
  command->callback([options, &run] {
    run = [options] {
      return judge_table(options->common,
                         [](const assess::SheetRun& sheet_run) { return assess::tli_sheet(sheet_run); });
    };
  });
}

void add_noise(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::NoiseSheet>>();
  auto span = std::make_shared<std::string>("all");
  CLI::App* command =
      assess.add_subcommand("noise", "Levels, compliance of zones and boundaries, grades of cities");
  add_table_options(*command, options->common);
  options->report = "levels";
  command
      ->add_option("--report", options->report,
                   "levels of points; regional or road: grade of cities (HJ 640); indoor: structure-borne "
                   "noise in rooms")
      ->capture_default_str()
      ->check(CLI::IsMember({"levels", "regional", "road", "indoor"}));
  command->add_option("--by", *span, "levels: all rows of a point, or day (from 06:00), or hour")
      ->capture_default_str()
      ->check(CLI::IsMember({"all", "day", "hour"}));
  command->footer(
      "Input:  levels: point,time,level in dB(A), equally spaced (1 s); zone (0, 1, 2, 3, 4a, 4b). regional, "
      "road: "
      "city,time,\n        level,period(day|night); road: length in m. indoor: "
      "point,time,zone,room(A|B),period(day|night),\n        "
      "leq in dB(A),l31.5,l63,l125,l250,l500 in dB.\n"
      "Output: levels: leq, l10, l50, l90, lmax, lmin, sd, ld, ln, ldn, limits and compliance by --standard "
      "(default\n"
      "        GB 3096-2008; GB 12348-2008, GB 22337-2008, GB 12523-2025 …), verification. Grades: mean, level, "
      "grade.\n        indoor: limits, bands beyond theirs with the excess, compliance (GB 12348-2008, or "
      "--standard \"GB 22337-2008\").\n"
      "Example:\n"
      "  mingjian assess noise --input seconds.csv --by day");
  command->callback([options, span, &run] {
    run = [options, span] {
      using assess::NoiseReport;
      if (options->report == "indoor") return judge_table(options->common, assess::indoor_noise_sheet);
      using assess::NoiseSpan;
      options->sheet.report = options->report == "levels"     ? NoiseReport::levels
                              : options->report == "regional" ? NoiseReport::regional
                                                              : NoiseReport::road;
      options->sheet.span = *span == "all" ? NoiseSpan::all : *span == "day" ? NoiseSpan::day : NoiseSpan::hour;
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::noise_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_soil(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::SoilSheet>>();
  CLI::App* command =
      assess.add_subcommand("soil", "Screening and intervention values, indices (GB 15618, GB 36600)");
  add_table_options(*command, options->common);
  command->add_flag("--samples", options->sheet.by_sample, "One row for each sample with its Nemerow index");
  command->footer(
      "Input:  sample,time and contents in mg/kg by item (cd,hg,as,pb,cr,cu,ni,zn …). Farm land: "
      "land(paddy|orchard|other) "
      "and ph.\n        Construction land: land_class(1|2); items by symbol or by the Chinese name of the "
      "standard.\n"
      "Output: item by item: screening, intervention, risk (low, possible, high), index C/screening, grade; "
      "--samples: "
      "worst risk,\n        items above, Nemerow index, grade. verification is that of the weakest figure used.\n"
      "Example:\n"
      "  mingjian assess soil --input fields.csv --samples");
  command->callback([options, &run] {
    run = [options] {
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::soil_sheet(sheet_run, options->sheet);
      });
    };
  });
}

void add_emission(CLI::App& assess, Run& run) {
  auto options = std::make_shared<AssessOptions<assess::EmissionSheet>>();
  CLI::App* command = assess.add_subcommand("emission", "Outlets: limits, reference oxygen, compliance, mass");
  add_table_options(*command, options->common);
  command->add_option("--category", options->sheet.category,
                      "Grade or table of the standard: 1A, 1B, 2, 3; new, in-use, special …");
  command->add_option("--unit-type", options->sheet.unit_type,
                      "Kind of unit of a stack: coal, oil, gas, coal_boiler …");
  command->footer(
      "Input:  outlet,time and concentrations by item (cod,nh3n,tp … in mg/L; pm,so2,nox … in mg/m³ dry). Columns "
      "standard,\n        category, unit_type, condition, t (°C of the water), built (year) say what applies, row "
      "by row, "
      "before the\n        options. o2 in %: stacks are judged at reference oxygen. flow in m³/h or volume in m³: "
      "mass.\n"
      "Output: item by item: measured, judged concentration, limit, exceed multiple, compliance, mass of the "
      "measured\n"
      "        concentration, clause of the limit, verification. Which standard applies no table can tell: name "
      "it.\n"
      "Example:\n"
      "  mingjian assess emission --standard \"GB 13271-2014\" --category new --unit-type coal --input "
      "boiler.csv");
  command->callback([options, &run] {
    run = [options] {
      return judge_table(options->common, [&](const assess::SheetRun& sheet_run) {
        return assess::emission_sheet(sheet_run, options->sheet);
      });
    };
  });
}

}  // namespace

void add_assess(CLI::App& app, Run& run) {
  CLI::App* assess = app.add_subcommand("assess", "Judge tables by the standards, without a server");
  assess->require_subcommand(1);
  assess->footer(kTables);
  add_aqi(*assess, run);
  add_water(*assess, run);
  add_air_year(*assess, run);
  add_cwqi(*assess, run);
  add_tli(*assess, run);
  add_noise(*assess, run);
  add_soil(*assess, run);
  add_emission(*assess, run);
  add_assess_rain(*assess, run);
  add_assess_radiation(*assess, run);
  add_assess_ecology(*assess, run);
  add_assess_spectrum(*assess, run);
}

}  // namespace mj::app
