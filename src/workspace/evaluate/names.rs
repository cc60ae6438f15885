//! Bazel's predefined names: a missing one would stop a file.

/// Called by BUILD files by name, and by macros through `native` (Bazel 5 to 8).
#[rustfmt::skip] // a word list
pub const NATIVE_RULES: &[&str] = &[
    "action_listener", "alias", "android_binary", "android_device", "android_device_script_fixture",
    "android_host_service_fixture", "android_instrumentation_test", "android_library", "android_local_test",
    "android_ndk_repository", "android_sdk", "android_sdk_repository", "apple_binary", "apple_cc_toolchain",
    "apple_static_library", "available_xcodes", "bind", "cc_binary", "cc_import", "cc_library", "cc_libc_top_alias",
    "cc_proto_library", "cc_shared_library", "cc_static_library", "cc_test", "cc_toolchain", "cc_toolchain_alias",
    "cc_toolchain_suite", "config_feature_flag", "config_setting", "constraint_setting", "constraint_value",
    "environment", "environment_group", "extra_action", "fdo_prefetch_hints", "fdo_profile", "filegroup", "genquery",
    "genrule", "iface_toolchain", "j2objc_library", "java_binary", "java_import", "java_library", "java_lite_proto_library",
    "java_package_configuration", "java_plugin", "java_plugins_flag_alias", "java_proto_library", "java_runtime",
    "java_test", "java_toolchain", "label_flag", "label_setting", "local_config_platform", "memprof_profile",
    "objc_import", "objc_library", "package_group", "platform", "propeller_optimize", "proto_lang_toolchain",
    "proto_library", "py_binary", "py_library", "py_runtime", "py_test", "sh_binary", "sh_library", "sh_test",
    "starlark_doc_extract", "test_suite", "toolchain", "toolchain_type", "xcode_config", "xcode_config_alias",
    "xcode_version",
];

/// Names in `.bzl` files that only matter during analysis or in repository rules.
#[rustfmt::skip] // a word list
pub const LIBRARY_NAMES: &[&str] = &[
    "AnalysisFailureInfo", "AnalysisTestResultInfo", "ApkInfo", "CcInfo", "CcSharedLibraryInfo",
    "CcToolchainConfigInfo", "ConstraintCollection", "ControlFlowInfo", "DebugPackageInfo", "DefaultInfo",
    "ExecutionInfo", "FeatureFlagInfo", "FilesToRunProvider", "GraphNodeAspect", "IncompatiblePlatformProvider",
    "InstrumentedFilesInfo", "JavaInfo", "JavaPluginInfo", "JavaToolchainInfo", "MaterializedDepsInfo", "ObjcInfo",
    "OutputGroupInfo", "PackageSpecificationInfo", "ProguardSpecProvider", "ProtoInfo", "ProtoRegistryProvider", "PyCcLinkParamsProvider",
    "PyInfo", "PyRuntimeInfo", "RunEnvironmentInfo", "StarlarkLibraryInfo", "TemplateVariableInfo",
    "analysis_test_transition", "android_common", "apple_common", "aspect", "cc_common", "configuration_field",
    "config", "config_common", "coverage_common", "exec_group", "exec_transition", "java_common", "materializer_rule",
    "module_extension", "platform_common", "proto", "proto_common", "proto_common_do_not_use", "py_internal",
    "repository_rule", "subrule", "tag_class", "testing", "toolchain_type", "transition", "visibility",
];

/// Recorded calls of MODULE.bazel and WORKSPACE.
#[rustfmt::skip] // a word list
pub const MODULE_NAMES: &[&str] = &[
    "archive_override", "bazel_dep", "bind", "flag_alias", "git_override", "include", "inject_repo", "local_path_override",
    "local_repository", "module", "multiple_version_override", "new_local_repository", "override_repo",
    "register_execution_platforms", "register_toolchains", "repo", "single_version_override", "use_repo", "workspace",
    "android_sdk_repository", "android_ndk_repository",
];
