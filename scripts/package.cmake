# What is installed where, and the Debian package of it. The programs look for modules and worker relative to
# themselves: bin/../lib/assay.
set(assay_private lib/assay) # not lib/<multiarch>: it has to be found from bin without being told

foreach(program assay assay-corpus)
  set(page ${CMAKE_BINARY_DIR}/man/${program}.1)
  add_custom_command(OUTPUT ${page}
                     COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/man
                     COMMAND ${program} help --manual > ${page}.new
                     COMMAND ${CMAKE_COMMAND} -E rename ${page}.new ${page}
                     DEPENDS ${program} VERBATIM)
  list(APPEND assay_pages ${page})
endforeach()
add_custom_target(manuals ALL DEPENDS ${assay_pages})

install(TARGETS assay assay-corpus RUNTIME DESTINATION bin)
install(TARGETS assay-worker assay-keeper RUNTIME DESTINATION ${assay_private})
get_property(assay_modules GLOBAL PROPERTY ASSAY_MODULES)
foreach(module ${assay_modules})
  get_property(folder TARGET ${module} PROPERTY ASSAY_FOLDER)
  install(TARGETS ${module} LIBRARY DESTINATION ${assay_private}/${folder})
endforeach()
# NAME@PREFIX compiles a backend's file on the user's machine, against another build of its library.
install(DIRECTORY backends DESTINATION ${assay_private}/sources
        FILES_MATCHING PATTERN "*.[ch]" PATTERN verifiers EXCLUDE PATTERN selftest EXCLUDE)
install(DIRECTORY harness/base DESTINATION ${assay_private}/sources/harness FILES_MATCHING PATTERN "*.h")
install(FILES $<TARGET_FILE:assay_base> DESTINATION ${assay_private})
# What npm installed for them stays behind: README.md there says how to get it.
install(DIRECTORY backends/verifiers/adapters DESTINATION ${assay_private}/modules USE_SOURCE_PERMISSIONS
        PATTERN node_modules EXCLUDE)
install(FILES ${assay_pages} DESTINATION share/man/man1)
install(FILES scripts/completion.bash DESTINATION share/bash-completion/completions RENAME assay)
install(FILES scripts/completion.bash DESTINATION share/bash-completion/completions RENAME assay-corpus)
# Pages keep their folders, so that their links lead somewhere.
file(GLOB assay_documents RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS backends/*.md backends/verifiers/*.md
     backends/verifiers/adapters/*.md corpus/*.md harness/*.md reports/*.md scripts/*.md)
foreach(document README.md CONTRIBUTING.md LICENSE ${assay_documents} reports/page.png reports/result.schema.json
        scripts/gate-workflow.yml.example)
  get_filename_component(folder ${document} DIRECTORY)
  install(FILES ${document} DESTINATION share/doc/assay/${folder})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_CONTACT "The assay developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # of the modules too: what they measure comes with them
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libfaketime, python3, python3-jwt, python3-cryptography, ruby, ruby-jwt")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nodejs, npm, valgrind, bash-completion, gcc, libc6-dev")
include(CPack)
