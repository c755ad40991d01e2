@echo off
rem Called by the launchers, with NEXUS_MAIN set: finds a Java 25 or newer and starts that class with it.
set "NEXUS_HOME=%~dp0.."
set "NEXUS_JAVA="
call :try "%JAVA25_HOME%"
call :try "%NEXUS_HOME%\runtime"
call :try "%JAVA_HOME%"
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :try "%%~dp$PATH:j.."
for %%v in ("Eclipse Adoptium" "Java" "Microsoft" "Zulu" "BellSoft" "Amazon Corretto") do (
  for /d %%j in ("%ProgramFiles%\%%~v\*") do call :try "%%~j"
)
for /d %%j in ("%USERPROFILE%\.jdks\*") do call :try "%%~j"
if not defined NEXUS_JAVA (
  echo naos: no Java 25 or newer was found. 1>&2
  echo Install one, for example from https://adoptium.net, or set JAVA25_HOME to the folder it is in. 1>&2
  echo Looked at JAVA25_HOME, JAVA_HOME, the PATH and the usual folders below "%ProgramFiles%". 1>&2
  exit /b 1
)
"%NEXUS_JAVA%\bin\java.exe" --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED ^
  -XX:+UseSerialGC -Xshare:auto -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
  %NEXUS_JAVA_OPTS% -classpath "%NEXUS_HOME%\lib\*" %NEXUS_MAIN% %*
exit /b %ERRORLEVEL%

rem Takes the folder if nothing was taken yet and its release file says 25 or newer.
:try
if defined NEXUS_JAVA exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "NEXUS_FOUND="
for /f "tokens=2 delims==" %%a in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "NEXUS_FOUND=%%~a"
for /f "tokens=1 delims=.-+" %%a in ("%NEXUS_FOUND%") do set "NEXUS_FOUND=%%a"
if not defined NEXUS_FOUND exit /b 0
if %NEXUS_FOUND% GEQ 25 set "NEXUS_JAVA=%~1"
exit /b 0
